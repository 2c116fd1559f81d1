"""Every known answer and every mutant, judged as a learner's answer is."""

import asyncio
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from workbook import material, postgres, workspace
from workbook.authoring import sandbox
from workbook.checks import checking
from workbook.checks.checking import Checks
from workbook.checks.verdict import Verdict
from workbook.lab import exercises
from workbook.material.known_answers import KnownAnswer, equivalent, known_answers
from workbook.myapp import formats, standin
from workbook.proof.mutate import mutants_of

EXERCISES = [each for notebook in reversed(material.notebooks()) for each in notebook.exercises]
"""The last notebooks' first: their checks take longest, and what is quick fills the end."""
ANSWERS = [answer for each in EXERCISES for answer in known_answers(each.id)]
MUTANTS = [(each, name, text) for each in EXERCISES for name, text in mutants_of(each)]

PAUSES = (0, 1, 4, 15, 40)
"""Seconds before each try: who is in the way may be gone by then."""


@dataclass
class Judge:
    """Judges an answer against a template database of its notebook."""

    loop: asyncio.Runner
    checks: dict[str, Checks]
    number: str = ""

    def __call__(self, exercise: material.Exercise, text: str) -> Verdict:
        """The verdict; asked for again where a busy machine has left the answer unjudged."""
        for pause in PAUSES:
            time.sleep(pause)
            verdict = self.loop.run(self._judge(exercise, text))
            if verdict.kind != "cannot check":
                break
        return verdict

    async def _judge(self, exercise: material.Exercise, text: str) -> Verdict:
        number = exercise.id[:2]
        server = postgres.attach()
        if number != self.number:  # its checks are run by a process of their own, as in a kernel
            checking.RUNNER.stop()
            self.number = number
        if number not in self.checks:
            self.checks[number] = Checks(server, number, "judge")
        if exercise.path:
            text = _in_its_file(exercise, standin.reference(number)[exercise.path], text)
        return await self.checks[number].judge(exercise, text)


def _in_its_file(exercise: material.Exercise, file: str, text: str) -> str:
    """The file with this cell in it; one with a docstring is whole, and needs no solution there."""
    kind = formats.for_path(exercise.path)
    if text.startswith('"""'):
        file = kind.without(file, set(kind.keys(exercise.solution)))
    return kind.merge(file, text)


AS_IN_A_KERNEL = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
"""What ipykernel sets, and what a tool that a checker runs may fall for."""


HASTY = "SELECT set_config(name, '1', false) FROM pg_settings WHERE name = 'scram_iterations'"
"""One round of hashing a password where there are 4,096, on the versions that can do that."""


async def quicker_logins() -> None:
    """No TLS, and cheap passwords, where the server is ours: some 5,000 logins are to come."""
    server = postgres.attach()
    if server.kind != "embedded":
        return
    os.environ["PGSSLMODE"] = "disable"
    admin = await asyncpg.connect(server.url(role="admin"))
    await admin.execute(HASTY)
    for role in ("app", "admin"):
        login = urlsplit(server.url(role=role))
        await admin.execute(f"""ALTER ROLE "{login.username}" PASSWORD '{login.password}'""")
    await admin.close()


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    kernel = sandbox.environment(AS_IN_A_KERNEL)
    with kernel, sandbox.server(), asyncio.Runner() as loop:
        loop.run(quicker_logins())
        made = Judge(loop, {})
        yield made
        for each in made.checks.values():
            loop.run(each.close())


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_the_solution_is_right(judge: Judge, exercise: material.Exercise) -> None:
    verdict = judge(exercise, exercise.solution)
    assert verdict.kind == "right", verdict
    assert exercise.why in repr(verdict)
    assert exercise.try_next in repr(verdict)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_the_stub_is_not_attempted(judge: Judge, exercise: material.Exercise) -> None:
    assert judge(exercise, exercise.stub).kind == "not attempted"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each.exercise}-{each.name}")
def test_a_known_answer_gets_its_verdict(judge: Judge, answer: KnownAnswer) -> None:
    verdict = judge(material.exercise(answer.exercise), answer.text)
    assert verdict.kind == ("right" if answer.right else "not yet"), verdict
    assert answer.right or answer.sentence in repr(verdict), verdict


OWN_REASONS = {
    ("00.fetch", "with_a_pool"): "The titles are put in the order of `opened_at`",
    ("00.concurrent", "task_group"): "Every count has begun before the first one is waited for",
    ("01.nothing_left", "spelt_out"): "Your `commit` is the last step",
    ("01.get_db", "long_form"): "which no `except Exception` sees",
    ("02.roster", "joined"): "Use `selectinload` with the same `limit`",
    ("02.roster", "subquery"): "One statement brings the page and another one all of its people",
    ("02.team", "joined"): "how many `SELECT`s does your function send",
    ("05.team", "with_a_schema"): "the reference names the fields in a dictionary",
    ("07.users", "in_a_savepoint"): "The INSERT is sent before `add` returns",
    ("08.database", "start_and_stop"): "Your `stop` ends the server then",
    ("08.database", "by_stop_alone"): "Your `stop` ends the server then",
    ("02.incident", "enum_as_a_check"): "an Enum sends on a text that it does not know",
}
"""Answers that are right in another way than the reference, and what is said of them."""


@pytest.mark.parametrize(("exercise", "name"), OWN_REASONS, ids=".".join)
def test_a_right_answer_gets_a_reason_that_is_true_of_it(
    judge: Judge, exercise: str, name: str
) -> None:
    answer = next(each for each in known_answers(exercise) if each.name == name)
    verdict = judge(material.exercise(exercise), answer.text)
    assert verdict and OWN_REASONS[exercise, name] in repr(verdict), verdict


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_lab_others_has_a_sentence_of_its_own_for_each_right_answer(
    exercise: material.Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    workspace.record(exercise.id, "right", "mine")
    right = [each for each in known_answers(exercise.id) if each.right]
    cards = exercises.others(exercise.id).cards
    called = [each.title.rpartition(": ")[2] for each in cards]
    assert called == [each.name.replace("_", " ") for each in right] != []
    told = [each.text for each in cards]
    assert [each for each in told if not re.fullmatch(r"[^a-z\s](\S* ){3}.*\.", each)] == []
    assert len({*told}) == len(told), "what each is, and no other one"
    assert all(each.code.strip() for each in cards)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_the_wrong_answers_are_told_three_different_sentences_at_least(
    exercise: material.Exercise,
) -> None:
    sentences = {each.sentence for each in known_answers(exercise.id) if not each.right}
    told_apart = {
        one for one in sentences if not any(one != other and one in other for other in sentences)
    }
    assert len(told_apart) >= 3, sorted(sentences)


@pytest.mark.parametrize(
    ("exercise", "name", "text"), MUTANTS, ids=[f"{each.id}-{name}" for each, name, _ in MUTANTS]
)
def test_a_mutant_is_noticed(
    judge: Judge, exercise: material.Exercise, name: str, text: str
) -> None:
    verdict = judge(exercise, text)
    if name in equivalent(exercise.id):
        assert verdict.kind == "right", f"no longer equivalent: {verdict}"
    else:
        assert verdict.kind in ("not yet", "not attempted"), f"not noticed: {name}\n{text}"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
def test_every_equivalent_mutant_exists(exercise: material.Exercise) -> None:
    names = {name for name, _ in mutants_of(exercise)}
    assert equivalent(exercise.id).keys() <= names
