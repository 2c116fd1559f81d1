"""The app that the rest of a notebook runs on: the learner's, with the reference where needed.

The learner's files are not touched: what runs is a copy. An exercise's answer is accepted, or the
reference's definition is lent in its place:

| the file or the answer in it                                        | what runs                  |
|---------------------------------------------------------------------|----------------------------|
| the file is not there, or it does not parse                         | the reference's file       |
| the answer is the reference's, of this notebook or an earlier one   | the learner's              |
| this very answer was found right                                    | the learner's              |
| … for another exercise on one of its names (a rival)                | the learner's              |
| it is there, and none of these                                      | the reference's definition |
| none of its names is there                                          | the learner's file as it is|
| a check asks about this answer                                      | this answer, right or not; |
|                                                                     | its names are never lent   |
| a check asks about it, and it does not parse                        | this answer as it is       |

Rivals: a later notebook asks for another version of what an earlier one asked for. Whoever has
answered one of those up to the open notebook runs on that answer.
"""

from pathlib import Path

from workbook import material, workspace
from workbook.base import paths
from workbook.material import Exercise, Notebook
from workbook.myapp import formats, submission
from workbook.myapp.app import App, AppFile, write_files


def reference(number: str) -> dict[str, str]:
    """The app as the solution of this notebook leaves it."""
    return material.files_before(number) | material.notebook(number).files


def app(number: str, asked: str = "", answer: str = "") -> App:
    """Every file of the app; for the exercise that is asked about, the answer's own file."""
    question = material.exercise(asked) if asked else None
    folder, books, files = paths.myapp(), _until(number), dict[str, AppFile]()
    for path, text in reference(number).items():
        if question and question.path == path:
            files[path] = _file_under_check(question, answer, text, books)
        else:
            files[path] = _learner_file(path, _text(folder / path), text, books)
    own = {name: AppFile(_text(folder / name) or "") for name in _own(folder) if name not in files}
    return App(files | own)


def written(made: App) -> dict[str, str]:
    """Those files of this app that the learner has, as they are."""
    texts = {name: _text(paths.myapp() / name) for name in made.files}
    return {name: text for name, text in texts.items() if text is not None}


def learners(number: str) -> dict[str, str]:
    """Every file that the learner has, as it is: those of the app up to this notebook, and more."""
    folder = paths.myapp()
    texts = {name: _text(folder / name) for name in (*reference(number), *_own(folder))}
    return {name: text for name, text in texts.items() if text is not None}


def _until(number: str) -> list[Notebook]:
    """The notebooks up to and with this one."""
    return [book for book in material.notebooks() if book.number <= number]


def _own(folder: Path) -> list[str]:
    """The learner's files, without what Python and its tools keep beside them."""
    found = [p for p in folder.rglob("*") if p.is_file()] if folder.is_dir() else []
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    return [name for name in names if "__pycache__" not in name and "/." not in f"/{name}"]


def _text(file: Path) -> str | None:
    return file.read_text("utf-8", errors="replace") if file.exists() else None


def exercises_of(path: str, number: str) -> list[Exercise]:
    """The exercises on one file, up to and with this notebook, that no later cell replaces."""
    now, kind = reference(number).get(path, ""), formats.for_path(path)
    return [
        each
        for each in _all_of(path, _until(number))
        if kind.definitions(_reference_at_its_notebook(each), each.names)
        == kind.definitions(now, each.names)
    ]


def _all_of(path: str, books: list[Notebook]) -> list[Exercise]:
    return [each for book in books for each in book.exercises if each.path == path]


def _reference_at_its_notebook(exercise: Exercise) -> str:
    """The exercise's file as the reference of its own notebook has it."""
    return reference(exercise.id[:2]).get(exercise.path or "", "")


def _file_under_check(question: Exercise, answer: str, text: str, books: list[Notebook]) -> AppFile:
    """The answer's own file; the reference is lent only for other exercises on it."""
    path = question.path or ""
    if not _parses(path, answer):
        return AppFile(answer)
    return _with_reference(path, answer, text, books, question)


def _learner_file(path: str, own: str | None, text: str, books: list[Notebook]) -> AppFile:
    if own is None:
        return AppFile(text, replaced_because="it is not there yet")
    if not _parses(path, own):
        return AppFile(text, replaced_because="it does not parse")
    return _with_reference(path, own, text, books)


def _with_reference(
    path: str, own: str, text: str, books: list[Notebook], question: Exercise | None = None
) -> AppFile:
    """The file with the reference's definitions where an answer is not accepted."""
    doubtful = [
        each
        for each in _all_of(path, books)
        if each != question and _is_there(each, own) and not _is_accepted(each, own, books)
    ]
    names = {name for each in doubtful for name in each.names}
    names -= set(question.names) if question else set()
    if not names:
        return AppFile(own)
    lent = tuple(each.id for each in doubtful if names & set(each.names))
    return AppFile(formats.for_path(path).with_reference(own, text, names), lent)


def _is_accepted(exercise: Exercise, own: str, books: list[Notebook]) -> bool:
    """Whether it is right, or as a notebook leaves it, or right for a rival."""
    if _is_left_by(books, exercise, own):
        return True
    every = _all_of(exercise.path or "", books)
    return any(is_right(each, own) for each in every if set(each.names) & set(exercise.names))


def is_reference(exercise: Exercise, text: str, number: str) -> bool:
    """Whether the answer is the reference's, as this notebook or one before it leaves the file."""
    return _is_left_by(_until(number), exercise, text)


def _is_left_by(books: list[Notebook], exercise: Exercise, text: str) -> bool:
    left = [book.files[exercise.path] for book in books if exercise.path in book.files]
    return submission.digest(exercise, text) in {submission.digest(exercise, each) for each in left}


def _parses(path: str, text: str) -> bool:
    try:
        formats.for_path(path).check(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_there(exercise: Exercise, text: str) -> bool:
    return bool(formats.for_path(exercise.path).definitions(text, exercise.names))


def is_right(exercise: Exercise, text: str) -> bool:
    """Whether this very text was found right before."""
    known = workspace.read().get(exercise.id)
    same = (
        known is not None
        and known.verdict == "right"
        and known.digest == submission.digest(exercise, text)
    )
    return same and submission.attempted(exercise, text)


def write(number: str, folder: Path, asked: str = "", answer: str = "") -> App:
    """Write the app into a folder; returns what was written."""
    made = app(number, asked, answer)
    made.write(folder)
    return made


def write_reference(number: str, folder: Path) -> None:
    """Write the reference's app into a folder, whatever the learner has."""
    write_files(folder, reference(number))
