"""The app that the rest of a notebook runs on: the learner's, with the reference where needed.

Where an answer is not right yet, the reference's definition is lent in its place. The learner's
file is not touched: what runs is a copy.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from workbook import material, workspace
from workbook.base import paths
from workbook.myapp import formats, submission


@dataclass(frozen=True)
class Source:
    """The text of one file of the app, and where it comes from."""

    text: str
    lent: tuple[str, ...] = ()
    """Ids of the exercises for which the reference stands in."""
    whole: str = ""
    """Why the whole file is the reference's, or an empty string."""


def reference(number: str) -> dict[str, str]:
    """The app as the solution of this notebook leaves it."""
    return material.files_before(number) | material.notebook(number).files


def app(number: str, asked: str = "", answer: str = "") -> dict[str, Source]:
    """Every file of the app; for the exercise that is asked about, the answer's own file."""
    question = material.exercise(asked) if asked else None
    folder, files = paths.myapp(), {}
    for path, text in reference(number).items():
        if question and question.path == path:
            files[path] = _asked(question, answer, text, number)
        else:
            files[path] = _source(path, _text(folder / path), text, number)
    for name in _own(folder):
        files.setdefault(name, Source(_text(folder / name) or ""))
    return files


def _own(folder: Path) -> list[str]:
    """The learner's files, without what Python and its tools keep beside them."""
    found = [p for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    return [name for name in names if "__pycache__" not in name and "/." not in f"/{name}"]


def _text(file: Path) -> str | None:
    return file.read_text("utf-8", errors="replace") if file.exists() else None


def exercises_of(path: str, number: str) -> list[material.Exercise]:
    """The exercises on one file, up to and with this notebook, that no later cell replaces."""
    now, kind = reference(number).get(path, ""), formats.for_path(path)
    return [
        each
        for each in _all_of(path, number)
        if kind.definitions(_then(each), each.names) == kind.definitions(now, each.names)
    ]


def _all_of(path: str, number: str) -> list[material.Exercise]:
    return [
        each
        for book in material.notebooks()
        if book.number <= number
        for each in book.exercises
        if each.path == path
    ]


def _then(exercise: material.Exercise) -> str:
    """The exercise's file as the reference of its own notebook has it."""
    return reference(exercise.id[:2]).get(exercise.path or "", "")


def _asked(question: material.Exercise, answer: str, text: str, number: str) -> Source:
    """The answer's own file; only other exercises on it are lent."""
    path = question.path or ""
    if not _parses(path, answer):
        return Source(answer)
    return _lent(path, answer, text, number, question)


def _source(path: str, own: str | None, text: str, number: str) -> Source:
    if own is None:
        return Source(text, whole="it is not there yet")
    if not _parses(path, own):
        return Source(text, whole="it does not parse")
    return _lent(path, own, text, number)


def _lent(
    path: str, own: str, text: str, number: str, question: material.Exercise | None = None
) -> Source:
    """The file with the reference's definitions where an answer is not good."""
    doubtful = [
        each
        for each in _all_of(path, number)
        if each != question and _is_there(each, own) and not _is_good(each, own, number)
    ]
    answered = set(question.names) if question else set()
    names = {name for each in doubtful for name in each.names} - answered
    lent = tuple(each.id for each in doubtful if names & set(each.names))
    return (
        Source(formats.for_path(path).with_reference(own, text, names), lent)
        if names
        else Source(own)
    )


def _is_good(exercise: material.Exercise, own: str, number: str) -> bool:
    """Whether it is right, or as a notebook leaves it, or right for another exercise on it."""
    if is_reference(exercise, own, number):
        return True
    rivals = [e for e in _all_of(exercise.path or "", number) if set(e.names) & set(exercise.names)]
    return any(is_right(each, own) for each in rivals)


def is_reference(exercise: material.Exercise, text: str, number: str) -> bool:
    """Whether the answer is the reference's, as this notebook or one before it leaves the file."""
    books = [book for book in material.notebooks() if book.number <= number]
    left = [book.files[exercise.path] for book in books if exercise.path in book.files]
    return submission.digest(exercise, text) in {submission.digest(exercise, each) for each in left}


def _parses(path: str, text: str) -> bool:
    try:
        formats.for_path(path).check(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_there(exercise: material.Exercise, text: str) -> bool:
    return bool(formats.for_path(exercise.path).definitions(text, exercise.names))


def is_right(exercise: material.Exercise, text: str) -> bool:
    """Whether this very text was found right before."""
    known = workspace.read().get(exercise.id)
    same = (
        known is not None
        and known.verdict == "right"
        and known.digest == submission.digest(exercise, text)
    )
    return same and submission.attempted(exercise, text)


def needed(path: str, files: dict[str, Source]) -> list[str]:
    """The file and every file of the app that it imports, directly or through others, sorted."""
    found, new = set(), {path} & files.keys()
    while new:
        found |= new
        new = {name for each in new for name in _imports(files[each].text)} & files.keys() - found
    return sorted(found)


def _imports(text: str) -> set[str]:
    """The files that a module's imports may mean, whether they are there or not."""
    try:
        body = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return set()
    names = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    for node in (each for each in body if isinstance(each, ast.ImportFrom) and each.module):
        names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.replace(".", "/") + ".py" for name in names}


def write(number: str, folder: Path, asked: str = "", answer: str = "") -> dict[str, Source]:
    """Write the app into a folder; returns what was written."""
    files = app(number, asked, answer)
    put(folder, {name: source.text for name, source in files.items()})
    return files


def write_reference(number: str, folder: Path) -> None:
    """Write the reference's app into a folder, whatever the learner has."""
    put(folder, reference(number))


def put(folder: Path, files: dict[str, str]) -> None:
    """Write these texts below a folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
