"""`instructor/README.md`: the page for the whole course, with sums that the lessons give.

Its text is `lessons/instructor.md`. `{{notebooks}}` there is a table of all of them. A plan such as
`{{plan 09:00-12:30 opening 00 break 01}}` becomes a table with times; a late end is refused.
`{{term}}` is a plan by weeks.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workbook.authoring import minutes, timetable
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem

SOURCE, PAGE = "instructor.md", "instructor/README.md"
MADE = "*Made by `./wb build` from `lessons/instructor.md`; edit it there.*"
PLAN = re.compile(r"\{\{plan (\d\d):(\d\d)-(\d\d):(\d\d) ([\w ]+)\}\}")
PAUSES = {"opening": ("who is here, and `./wb lab` on each laptop", 15),
          "break": ("break", 15), "lunch": ("lunch", 60)}  # fmt: skip
"""What a slot is that is no notebook, and its minutes."""
BEFORE = 10
"""Minutes of a week of a term for what was hard at home."""
SUMS = ("core", "solving", "deeper", "practice")
"""The minutes in the table of notebooks."""


def expected() -> dict[Path, str]:
    """The page, as the lessons are."""
    folder = paths.ROOT / "lessons"
    text = (folder / SOURCE).read_text("utf-8")
    return {
        paths.ROOT / PAGE: page(text, [_read(p, p.read_text("utf-8")) for p in lessons(folder)])
    }


@cache
def _read(path: Path, _text: str) -> Lesson:
    """Once for each text of a lesson."""
    return read(path)


def page(text: str, found: list[Lesson]) -> str:
    """This text with its tables; Problem where a plan ends later than it says."""
    known = {each.number: each for each in found}
    text = text.replace("{{notebooks}}", "\n".join(_notebooks(found)))
    text = text.replace("{{term}}", "\n".join(_term(found)))
    text = PLAN.sub(lambda plan: "\n".join(_plan(plan, known)), text)
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{MADE}\n{rest}"


def _notebooks(found: list[Lesson]) -> Iterator[str]:
    yield "| | notebook | core path | of it exercises | *Deeper* | practice |"
    yield "|---|---|---|---|---|---|"
    for each in found:
        model, name = minutes.of(each), each.title.partition(" · ")[2] or each.title
        title = f"[{name}]({each.path.stem}.md)"
        told = " | ".join(str(getattr(model, name)) for name in SUMS)
        yield f"| {each.number} | {title} | {told} |"
    models = [minutes.of(each) for each in found]
    sums = (sum(getattr(m, name) for m in models) for name in SUMS)
    yield f"| | all, in minutes | {' | '.join(map(str, sums))} |"


def _term(found: list[Lesson]) -> Iterator[str]:
    """A notebook a week: minutes in the room, with those for the week before, and at home."""
    yield "| week | in the room | minutes | at home, for whoever likes it |"
    yield "|---|---|---|---|"
    for week, each in enumerate(found, 1):
        long, model = _rounded(each) + (BEFORE if week > 1 else 0), minutes.of(each)
        home = f"*Deeper* {model.deeper}" + (f", practice {model.practice}" * bool(model.practice))
        yield f"| {week} | {each.number} · {each.title} | {long} | {home} |"


def _rounded(lesson: Lesson) -> int:
    """The minutes of a core path with its debriefs, in steps of five."""
    return -(-sum(each.minutes for each in timetable.core(lesson)) // 5) * 5


def _plan(plan: re.Match[str], known: dict[str, Lesson]) -> Iterator[str]:
    now, end = (60 * int(plan[n]) + int(plan[n + 1]) for n in (1, 3))
    words = plan[5].split()
    yield "| from | | minutes |"
    yield "|---|---|---|"
    for at, word in enumerate(words):
        what, long = _slot(word, words[:at], known)
        yield f"| {_clock(now)} | {what} | {long} |"
        now += long
    yield f"| {_clock(now)} | the end | |"
    if now > end:
        raise Problem(
            f"lessons/{SOURCE}: the plan '{plan[5]}' ends at {_clock(now)}; take one out."
        )


def _slot(word: str, before: list[str], known: dict[str, Lesson]) -> tuple[str, int]:
    """What it is, and its minutes: a notebook's core path and its debrief, in steps of five."""
    if word in PAUSES:
        return PAUSES[word]
    if word not in known:
        raise Problem(f"lessons/{SOURCE}: there is no notebook {word!r} to plan.")
    lesson = known[word]
    earlier = [each for each in before if each in known]
    jump = bool(earlier) and int(word) - int(earlier[-1]) > 1
    first = f"; first `./wb catch-up {word}`" if jump else ""
    return f"{word} · {lesson.title}{first}", _rounded(lesson)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
