"""The learner's app beside the reference: which files differ, in what, and why."""

import ast
import difflib
from dataclasses import dataclass

from workbook import material
from workbook.base.problem import Problem
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.material import Exercise
from workbook.myapp import formats, right_answers, standin, submission

WHOLE = "the whole file"


@dataclass(frozen=True)
class Difference:
    """One part of a file that is not as the reference has it."""

    file: str
    part: str
    """The name of a definition, of a service, or WHOLE."""
    why: str


def compare(number: str, path: str | None = None) -> Table | Card:
    """The app as this notebook leaves it, file by file; with a path, the lines of that file."""
    wanted = standin.reference(number)
    if path is not None:
        return _lines(path, standin.learners(number), wanted)
    own = standin.learners(number)
    rows = [
        each for name in sorted({*wanted, *own}) for each in _differences(name, own, wanted, number)
    ]
    same = sum(own.get(name) == text for name, text in wanted.items())
    note = f"{same} of {len(wanted)} files are the same, letter for letter."
    return Table(("file", "what differs", "because"), [(e.file, e.part, e.why) for e in rows], note)


def _lines(path: str, every: dict[str, str], wanted: dict[str, str]) -> Card:
    """The lines in which this file differs from the reference's; Problem where nobody has it."""
    own = every.get(path)
    if own is None and path not in wanted:
        raise Problem(f"Neither myapp/ nor the reference has a file {path!r}.")
    before, after = ((text or "").splitlines() for text in (wanted.get(path), own))
    lines = list(difflib.unified_diff(before, after, "reference", f"myapp/{path}", lineterm=""))
    if not lines:
        return Card(f"myapp/{path} is the reference's, letter for letter.", "")
    return Card(f"myapp/{path}: `-` is the reference's, `+` is yours.", "", "\n".join(lines))


def _differences(
    name: str, own: dict[str, str], wanted: dict[str, str], number: str
) -> list[Difference]:
    mine, theirs = own.get(name), wanted.get(name)
    if mine == theirs:
        return []
    if theirs is None:
        return [Difference(name, WHOLE, "only you have it.")]
    if mine is None:
        return [
            Difference(name, WHOLE, f"it is not in myapp/; notebook {_writer(name)} writes it.")
        ]
    kind = formats.for_path(name)
    parts = list(dict.fromkeys([*kind.defined(mine), *kind.defined(theirs)]))
    if not kind.defined(mine) or parts == [name]:
        return [Difference(name, WHOLE, _whole(name, mine, number))]
    both = [
        (part, kind.definitions(mine, (part,)), kind.definitions(theirs, (part,))) for part in parts
    ]
    changed = [(part, m, t) for part, m, t in both if m != t]
    if not changed:
        return [_rest(name, mine, theirs, number)]
    return [Difference(name, part, _why(name, part, mine, m, t, number)) for part, m, t in changed]


def _rest(name: str, mine: str, theirs: str, number: str) -> Difference:
    """Files whose named parts are the same: layout, imports, statements that define nothing."""
    if name.endswith(".py") and ast.dump(ast.parse(mine)) == ast.dump(ast.parse(theirs)):
        return Difference(name, "layout and comments", "the code says the same.")
    book = _left_by(name, mine, number)
    older = f"it is as notebook {book} leaves it; a later one gives another."
    why = older if book else "you wrote it in another way, and no check asks for it."
    return Difference(name, "what stands outside of definitions", why)


def _whole(name: str, mine: str, number: str) -> str:
    """Why a file that has no parts differs, or one that cannot be read."""
    exercise = next((e for e in standin.exercises_of(name, number)), None)
    if exercise is not None:
        return _of_exercise(exercise, mine)
    if (book := _left_by(name, mine, number)) is not None:
        return f"it is as notebook {book} leaves it; a later one gives another."
    return "you wrote it in another way, or it does not parse; no check asks for it."


def _why(
    name: str, part: str, text: str, mine: dict[str, str], theirs: dict[str, str], number: str
) -> str:
    """Why a part differs: it is missing, older, an answer, or the learner's own."""
    if not mine:
        return f"it is not in yours; notebook {_writer(name, part, theirs, number)} gives it."
    if not theirs:
        return "only yours has it."
    if (book := _left_by_part(name, part, mine, number)) is not None:
        return f"it is as notebook {book} leaves it; a later one gives another."
    exercise = next((e for e in standin.exercises_of(name, number) if part in e.names), None)
    if exercise is not None:
        return _of_exercise(exercise, text)
    return "you wrote it in another way, and no check asks for it."


def _of_exercise(exercise: Exercise, text: str) -> str:
    if not standin.is_right(exercise, text):
        return f"{exercise.id} is not right yet: where the app runs, the reference stands in."
    known = _known(exercise, text)
    return f"{exercise.id} found yours right. {known}".strip()


def _known(exercise: Exercise, text: str) -> str:
    """What the other right answer that it equals costs or gains; empty where it is a new one."""
    digest = submission.digest(exercise, text)
    for each in right_answers.right_answers(exercise):
        if submission.digest(exercise, each.text) == digest:
            return each.sentence
    return ""


def _books(name: str, number: str) -> list[material.Notebook]:
    return [b for b in material.notebooks() if name in b.files and b.number <= number]


def _writer(
    name: str, part: str = "", theirs: dict[str, str] | None = None, number: str = "99"
) -> str:
    """The first notebook that leaves this file, or this part of it, as the reference has it."""
    books, kind = _books(name, number), formats.for_path(name)
    if theirs:
        books = [b for b in books if kind.definitions(b.files[name], (part,)) == theirs] or books
    return books[0].number


def _left_by(name: str, text: str, number: str) -> str | None:
    return next((b.number for b in _books(name, number) if b.files[name] == text), None)


def _left_by_part(name: str, part: str, mine: dict[str, str], number: str) -> str | None:
    kind = formats.for_path(name)
    found = [
        b.number for b in _books(name, number) if kind.definitions(b.files[name], (part,)) == mine
    ]
    return found[-1] if found else None
