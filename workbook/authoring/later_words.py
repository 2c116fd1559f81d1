"""The words that a notebook brings, as data for what is said in the notebooks before it.

Terms are those of the glossary. Names are those that a code cell or a given file imports, and the
libraries that they are imported from, as prose calls them: with any capitals.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook import material
from workbook.authoring import built, glossary
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths

_PYTHONS = sys.stdlib_module_names
_OURS = {"app", "workbook", "tests", "__future__"}
_IN_PROSE = {"sqlalchemy", "alembic", "fastapi", "pydantic", "httpx", "pytest", "uvicorn"}
"""Libraries whose names no other word of English has."""
_MORE = [
    {"forms": forms, "but": [], "lesson": "01", "is_code": False}
    for forms in (["ORM"], ["migration", "migrations"])
]
"""What prose says beside the glossary."""


def words(folder: Path) -> list[dict[str, Any]]:
    """Each term and each imported name with the first notebook that has it."""
    found: list[dict[str, Any]] = [
        {"forms": [each.term, *each.also], "but": [*each.but], "lesson": each.lesson}
        for each in glossary.terms(folder)
        if "`" not in each.term
    ]
    terms = [{**each, "is_code": False} for each in found]
    first: dict[tuple[str, bool], str] = {}
    for lesson in map(read, lessons(folder)):
        for name in _names(lesson):
            first.setdefault(name, lesson.number)
    known = {form.lower() for each in terms for form in each["forms"]}
    names = [
        {"forms": [name], "but": [], "lesson": number, "is_code": is_code}
        for (name, is_code), number in sorted(first.items())
        if is_code or name not in known
    ]
    return [*terms, *_MORE, *names]


def _names(lesson: Lesson) -> Iterator[tuple[str, bool]]:
    """What the cells of a lesson import from libraries: names of code, and of prose."""
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        for node in ast.walk(_tree(cell.solved())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            libraries = {each.partition(".")[0] for each in modules} - _OURS - _PYTHONS
            if libraries and isinstance(node, ast.ImportFrom):
                yield from ((each.name, True) for each in node.names)
            yield from ((each, False) for each in libraries & _IN_PROSE)


def _tree(code: str) -> ast.AST:
    """A cell as Python, without the magic that begins it; nothing where it is none."""
    lines = code.splitlines()
    text = "\n".join(lines[1:] if lines and lines[0].startswith("%%") else lines)
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])


def expected() -> dict[Path, str]:
    """The file of the material and its text."""
    place = Path(material.__file__).parent / material.WORDS
    return {place: built.json_text(words(paths.ROOT / "lessons"))}
