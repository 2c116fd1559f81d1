"""The minutes in the README's table of notebooks: the core path, and the deeper blocks on top."""

import re
from pathlib import Path

from workbook.authoring import minutes
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths

PAGE = "README.md"
ROW = re.compile(r"^(\| (\d\d) \|.*\|)[^|\n]*\|$", re.M)


def expected() -> dict[Path, str]:
    """The README with the minutes of the lessons as they are."""
    told = {path.stem[:2]: _told(path) for path in lessons(paths.ROOT / "lessons")}

    def row(found: re.Match[str]) -> str:
        return f"{found[1]} {told[found[2]]} |" if found[2] in told else found[0]

    page = paths.ROOT / PAGE
    return {page: ROW.sub(row, page.read_text("utf-8"))}


def _told(lesson: Path) -> str:
    model = minutes.of(read(lesson))
    return f"{model.core} + {model.deeper}"
