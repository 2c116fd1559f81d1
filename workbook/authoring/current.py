"""`wb build --check`: what is not as a build would leave it; nothing is executed."""

import json
from pathlib import Path
from typing import Any

from workbook import material
from workbook.authoring import (
    dictionary_page,
    error_entries,
    glossary,
    handbook,
    later_words,
    readme,
    reference_app,
    seeds,
)
from workbook.authoring.built import Built, places
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons
from workbook.base import paths

DICTIONARY = "ERRORS.md"


def complaints(chosen: list[Lesson]) -> list[str]:
    """What is made of these lessons, and of all of them together, and is not current."""
    return [
        *(line for each in chosen for line in of_lesson(each)),
        *(line for each in chosen for line in _of_seed(each.number)),
        *_without_lesson(),
        *_of_pages(),
        *reference_app.complaints(),
    ]


def of_lesson(lesson: Lesson) -> list[str]:
    """Which of the files of a lesson are missing, or not what it makes."""
    files, again = places(lesson), f"Run: ./wb build {lesson.number}"
    missing = [path for path in files.values() if not path.exists()]
    if missing:
        return [f"{_name(path)} is missing. {again}" for path in missing]
    stored = Built.stored(lesson)
    odd = Built.expected(lesson, stored).differences(stored)
    names = sorted(_name(files[each]) for each in odd)
    return [f"{name} is not what {_name(lesson.path)} makes. {again}" for name in names]


def facts() -> list[dict[str, Any]]:
    """The material of every notebook, as it is written."""
    found = sorted(material.folder().glob("[0-9][0-9]_*.json"))
    return [json.loads(path.read_text("utf-8")) for path in found]


def _of_seed(number: str) -> list[str]:
    late = f"The seed of {number} is out of date. Run: ./wb build"
    return [] if seeds.current(number) else [late]


def _without_lesson() -> list[str]:
    built = {path.stem for path in lessons(paths.ROOT / "lessons")}
    folders = [paths.ROOT / name for name in ("notebooks", "solutions", "tests/unsolved")]
    found = [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]
    odd = [path for path in found if path.stem not in built]
    return [f"{_name(path)} has no lesson; remove it." for path in odd]


def of_dictionary() -> dict[Path, str]:
    """What the lessons and `errors.md` make of the error dictionary: path → text."""
    more = error_entries.more(paths.ROOT / "lessons")
    place = Path(material.__file__).parent / material.MORE_ERRORS
    page = dictionary_page.page(facts(), more)
    return {paths.ROOT / DICTIONARY: page, place: dictionary_page.data(more)}


def of_pages() -> dict[Path, str]:
    """What all lessons make together: the dictionary, the glossary, the README's minutes."""
    pages = of_dictionary() | glossary.expected() | later_words.expected()
    return pages | handbook.expected() | readme.expected()


def _of_pages() -> list[str]:
    return [
        f"{_name(path)} is not what the lessons make. Run: ./wb build"
        for path, text in of_pages().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def _name(path: Path) -> str:
    return path.relative_to(paths.ROOT).as_posix()
