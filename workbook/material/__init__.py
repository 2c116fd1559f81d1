"""What the lessons say, as data: `wb build` writes a JSON file a notebook, the rest reads it."""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from workbook.base import settings
from workbook.base.problem import Problem

FILE = re.compile(r"\d\d_[^/]*\.json$")
TAKE_BACK = (
    "Take it back with `git checkout HEAD -- workbook/material`, or, in the middle of a merge, take"
    " one side of it; whoever has changed a lesson then makes it anew with `./wb build`."
)
MORE_ERRORS = "errors.json"
"""The entries that no notebook shows."""
WORDS = "words.json"
"""The words that the notebooks bring, each with its notebook."""


@dataclass(frozen=True)
class Exercise:
    """One exercise as its lesson describes it."""

    id: str
    """The notebook's number, a dot, a word: `01.get_db`."""
    title: str
    minutes: int
    names: tuple[str, ...]
    """The top-level names that the learner writes."""
    path: str | None
    """The file under `myapp/` that holds them; None when they live in the notebook."""
    stub: str
    solution: str
    hints: tuple[str, ...]
    why: str
    """Why the solution works."""
    try_next: str
    """What to experiment with now."""
    seconds: float | None = None
    """How long its check may take, where that is more than usual."""
    deeper: bool = False
    """Whether it stands in a block that can be left out."""
    level: str = ""
    """`easy` or `harder` where it is practice; else empty."""


@dataclass(frozen=True)
class Question:
    """One question that marks itself, as its lesson asks it."""

    id: str
    """The notebook's number, a dot, a number: `06.2`."""
    kind: Literal["choice", "order", "number", "line"]
    predicts: bool
    """Whether it asks what a cell will show that has not run yet."""
    shown: tuple[str, ...]
    """The choices, or the lines to put in order, by their letters from a on; else empty."""
    right: str
    """The right answer: `b`, letters in their order such as `bca`, or a number."""
    up_to: str
    """The greatest number that is right, where several are; else empty."""
    because: str
    """Why it is right."""
    but: dict[str, str]
    """Wrong answer → what somebody who gives it believes, and where to look."""
    lines: int
    """How many lines the code has that it asks about; 0 where it asks for no line."""
    cell: str
    """The text of the cell that it predicts; empty where it predicts none."""
    level: str = ""
    """`easy` or `harder` where it is practice; else empty."""
    asks: str = ""
    """What it asks, as Markdown on one line."""
    code: str = ""
    """The code that it asks about, where that is no cell which it predicts."""
    typed: bool = False
    """Whether the learner types something in the cell that it predicts."""


@dataclass(frozen=True)
class ErrorEntry:
    """One entry of the error dictionary, and what an error must show to be meant by it.

    An error shows one of each kind that is given here: its class, or its code where there is one;
    a text in its message; a place in its traceback.
    """

    name: str
    """The class of the error, without its module: what the heading begins with."""
    names: tuple[str, ...]
    """That class and others of the same fact, such as the driver's; or their subclasses."""
    title: str
    """What happened, in a few words; it tells entries of one class apart."""
    says: tuple[str, ...]
    """Stable parts of messages."""
    sqlstate: tuple[str, ...]
    """Codes of PostgreSQL; with one the class does not matter."""
    where: tuple[str, ...]
    """Functions, modules and packages in the traceback."""
    means: str
    causes: tuple[str, ...]
    """The likeliest first."""
    fix: str
    sql: tuple[str, ...] = ()
    """What the statement shows, by the names of `dictionary/statements.py`."""
    notebook: str = ""
    """The file name, without its ending, of the notebook that shows it; empty where none does."""
    section: str = ""
    """What it belongs to, where no notebook shows it."""


@dataclass(frozen=True)
class Notebook:
    """One notebook as its lesson describes it."""

    number: str
    """Two digits: `01`."""
    stem: str
    """The file name without its ending: `01_database`."""
    title: str
    minutes: int
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]
    files: dict[str, str]
    """Path under `myapp/` → text, for every file the solved notebook wrote or changed."""
    given: dict[str, str]
    """Path under `myapp/` → text, for the files that `lab.add` puts there."""


def folder() -> Path:
    """Where the JSON files lie; WORKBOOK_MATERIAL overrides it for tests."""
    return Path(settings.read().material or Path(__file__).parent)


def notebooks() -> list[Notebook]:
    """Every notebook that has been built, in order; asked so often that a file is read once."""
    return [_read(path, modified) for path, modified in _files() if FILE.search(path)]


def notebook(number: str) -> Notebook:
    """The notebook with this number; KeyError with a sentence that names the ones there are."""
    found = {each.number: each for each in notebooks()}
    if number not in found:
        raise KeyError(
            f"There is no notebook {number!r}. There are: {', '.join(found) or 'none yet'}."
        )
    return found[number]


def exercise(exercise_id: str) -> Exercise:
    """The exercise with this id; KeyError with a sentence that names its neighbours."""
    every = {one.id: one for each in notebooks() for one in each.exercises}
    if exercise_id not in every:
        near = [each for each in every if each[:3] == exercise_id[:3]] or list(every)
        raise KeyError(f"There is no exercise {exercise_id!r}. There are: {', '.join(near)}.")
    return every[exercise_id]


def question(question_id: str) -> Question:
    """The question with this id; KeyError with a sentence that names its neighbours."""
    every = {one.id: one for each in notebooks() for one in each.questions}
    if question_id not in every:
        near = [each for each in every if each[:3] == question_id[:3]] or list(every)
        raise KeyError(f"There is no question {question_id!r}. There are: {', '.join(near)}.")
    return every[question_id]


def errors() -> list[ErrorEntry]:
    """Every entry of the error dictionary: those of the notebooks, then those of no notebook."""
    return [each for path, modified in _files() for each in _read_errors(path, modified)]


def files_before(number: str) -> dict[str, str]:
    """The app as the notebooks before this one leave it: path under `myapp/` → text."""
    app: dict[str, str] = {}
    for each in notebooks():
        if each.number < number:
            app |= each.files
    return app


def _files() -> list[tuple[str, int]]:
    with os.scandir(folder()) as entries:
        found = [(each.path, each.stat().st_mtime_ns) for each in entries]
    return sorted(each for each in found if FILE.search(each[0]) or each[0].endswith(MORE_ERRORS))


@cache
def _read(path: str, _modified: int) -> Notebook:
    raw = parsed(Path(path).read_text("utf-8"), path)
    exercises = tuple(
        Exercise(**{**each, "names": tuple(each["names"]), "hints": tuple(each["hints"])})
        for each in raw["exercises"]
    )
    questions = tuple(
        Question(**{**each, "shown": tuple(each["shown"])}) for each in raw.get("questions", [])
    )
    known = {key: raw[key] for key in ("number", "stem", "title", "minutes", "files", "given")}
    return Notebook(**known, exercises=exercises, questions=questions)


def parsed(text: str, path: str) -> Any:
    """The text of a JSON file of the material as data; Problem where it is damaged."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise Problem(f"{path} is damaged ({error}). {TAKE_BACK}") from None


@cache
def _read_errors(path: str, _modified: int) -> tuple[ErrorEntry, ...]:
    raw = parsed(Path(path).read_text("utf-8"), path)
    return tuple(_error(each, raw.get("stem", "")) for each in raw["errors"])


def _error(raw: dict[str, Any], notebook: str) -> ErrorEntry:
    known: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
    }
    return ErrorEntry(**known, notebook=notebook)
