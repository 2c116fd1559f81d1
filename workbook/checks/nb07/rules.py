"""07.rules: who may take an incident and whose turn it is, without a database."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock

from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.calling import calling
from workbook.checks.messages import message
from workbook.checks.places import learners_line, raised_by_learner
from workbook.checks.verdict import NotYet


@dataclass(frozen=True)
class Person:
    """Somebody of a team; there is no database in here."""

    name: str
    role: str

    def __hash__(self) -> int:
        """By the first letter: a set has Ada before Ben in each run, whichever came first."""
        return ord(self.name[0])


ADA, BEN = Person("Ada", "member"), Person("Ben", "member")
LEA, KAI = Person("Lea", "lead"), Person("Kai", "lead")
MIA = Person("Mia", "member")
IDENTITY = re.compile(r"_team is (?:not )?\w+_team")
OBJECTS = "what does `is` compare: two values, or whether both are one object?"
DAY = 24 * 60
"""Minutes, after which `timedelta.seconds` begins at zero again."""
TURNS: tuple[tuple[list[Person], float, str | None], ...] = (
    ([ADA, BEN, LEA], 0, "Ada"),
    ([ADA, BEN, LEA], 4.9, "Ada"),
    ([ADA, BEN, LEA], 5, "Ben"),
    ([ADA, BEN, LEA], 10, "Lea"),
    ([ADA, BEN, LEA], 15, "Lea"),
    ([ADA, BEN, LEA], DAY, "Lea"),
    ([LEA, BEN, KAI, ADA], 0, "Ben"),
    ([LEA, BEN, KAI, ADA], 7, "Ada"),
    ([LEA, BEN, KAI, ADA], 12, "Lea"),
    ([LEA, BEN, KAI, ADA], 17, "Kai"),
    ([LEA, BEN, KAI, ADA, MIA], 21, "Kai"),
    ([LEA], 0, "Lea"),
    ([], 30, None),
    ([ADA, BEN], -1, "Ada"),
    ([ADA, BEN, LEA], -7, "Ada"),
)
REFUSALS = (
    ("open", 1, 1, False),
    ("open", 2, 2, False),
    ("open", 1, 2, True),
    ("open", 2, 1, True),
    ("open", 10_000, int("10000"), False),  # equal, and not the same object, also on 3.15
    ("acknowledged", 1, 1, True),
    ("resolved", 1, 1, True),
    ("resolved", 1, 2, True),
    ("merged", 1, 1, True),
)


async def check(answer: Answer) -> None:
    """Each case of both rules; the caller's list is not changed; a turn is as long as PATIENCE."""
    refusal, turn = answer.get("refusal"), answer.get("next_to_page")
    about_team = OBJECTS if IDENTITY.search(answer.source()) else "may this person take it?"
    for status, incident_team, user_team, refused in REFUSALS:
        call = f"refusal({status!r}, {incident_team}, {user_team})"
        ask = about_team
        if incident_team == user_team and refused:
            ask = "in which state may an incident be taken?"
        with _returns_it(answer, call):
            said = refusal(status, incident_team, user_team)
        if refused and said == "" and _wants_both(refusal):
            ask = "must both reasons hold, or is one of them enough?"
        _is_a_reason(call, said, refused, ask)
    for people, minutes, name in TURNS:
        _turn_is(turn, people, minutes, name)
    with mock.patch.object(answer.load(), "PATIENCE", timedelta(minutes=10), create=True):
        _turn_is(turn, [ADA, BEN, LEA], 10, "Ben", "with PATIENCE of 10 minutes, ")


def _wants_both(refusal: Any) -> bool:
    """Whether it refuses only where the state and the team forbid it."""
    with contextlib.suppress(Exception):
        either = refusal("open", 1, 2) or refusal("resolved", 1, 1)
        return bool(either == "" and refusal("resolved", 1, 2))
    return False


@contextlib.contextmanager
def _returns_it(answer: Answer, call: str) -> Iterator[None]:
    """Say of a reason that is raised that it was to be returned."""
    try:
        with calling(call):
            yield
    except Exception as error:
        if not _raises_it(error, answer.workspace):
            raise
        got, wanted = f"it raised {message(error)}", "text that it returns: a reason, or ''"
        ask = "how does a reason come back: with `return`, or with `raise`?"
        raise NotYet(call, got=got, wanted=wanted, ask=ask) from None


def _raises_it(error: Exception, workspace: str) -> bool:
    """Whether a `raise` of the learner's did it, and no index or key that is not there."""
    line = learners_line(error, workspace)
    return raised_by_learner(error, workspace) and bool(re.search(r"\braise\b", line))


def _is_a_reason(call: str, said: object, refused: bool, ask: str) -> None:
    """Some text where the person is refused, and none where not."""
    if not isinstance(said, str):
        ask = "who reads the reason?" if refused else "what does nothing look like?"
        if said is True and not refused:
            ask = "does it say whether one may, or why one may not?"
        wanted = "a reason, as text" if refused else "'', a text without a character"
        raise NotYet(call, got=f"it returned {show(said)}", wanted=wanted, ask=ask)
    if bool(said.strip()) != refused:
        wanted = "a reason" if refused else "''"
        raise NotYet(call, got=f"it returned {said!r}", wanted=wanted, ask=ask)


def _turn_is(
    turn: Any, people: list[Person], minutes: float, name: str | None, having: str = ""
) -> None:
    names = ", ".join(f"{each.name} ({each.role})" for each in people)
    call = f"{having}next_to_page([{names}], {minutes} minutes)"
    given = list(people)
    try:
        with calling(call):
            got = turn(given, timedelta(minutes=minutes))
    except IndexError as error:
        if people:
            raise
        ask = "what is there to take where nobody is?"
        raise NotYet(call, got=f"it raised {message(error)}", wanted="None", ask=ask) from None
    if got is None and people and minutes == 0:
        ask = "does next_to_page say what it returns?"
        raise NotYet(call, got="it returned None", wanted=repr(name), ask=ask)
    ask = "which name says how long a turn is, for whoever reads or changes it?"
    if got is not None and not isinstance(got, Person):
        wanted = f"the person {name}" if name else "None"
        ask = "a person, or something about a person?"
        raise NotYet(call, got=f"it returned {show(got)}", wanted=wanted, ask=ask)
    expect(call, got and got.name, name, ask if having else _question(minutes, people, got))
    order, before = [each.name for each in given], [each.name for each in people]
    expect_state(f"{call}: the caller's list after it", order, before, "whose list is it?")


def _question(minutes: float, people: list[Person], got: Person | None) -> str:
    """The question for whoever pages this one of these people after so many minutes."""
    if minutes < 0:
        return "whose turn is it, before the first is over?"
    if minutes >= DAY:
        return "which attribute of a `timedelta` counts its days, too?"
    if minutes == 0 and got and got.role == "member":
        return "in which order are the members: as they came, or by something of theirs?"
    if minutes == 0:
        return "who comes first: in which order are members and leads?"
    members = sum(each.role == "member" for each in people)
    if got and got.role == "member" and 5 * members <= minutes < 5 * len(people):
        return "whose turn is it when each of the members has had theirs?"
    return "how many turns are over then, and who stays after the last?"
