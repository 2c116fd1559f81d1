"""The minutes in the README's table of notebooks: the core path, and the deeper blocks on top."""

import re
from functools import cache
from pathlib import Path

from workbook.authoring import minutes
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths

PAGE = "README.md"
ROW = re.compile(r"^(\| (\d\d) \|.*\|)[^|\n]*\|$", re.M)


def expected() -> dict[Path, str]:
    """The README with the minutes of the lessons as they are."""
    found = lessons(paths.ROOT / "lessons")
    told = {path.stem[:2]: _told(path, path.read_text("utf-8")) for path in found}

    def row(line: re.Match[str]) -> str:
        return f"{line[1]} {told[line[2]]} |" if line[2] in told else line[0]

    page = paths.ROOT / PAGE
    return {page: ROW.sub(row, page.read_text("utf-8"))}


@cache
def _told(lesson: Path, text: str) -> str:
    """Once for each text of a lesson."""
    model = minutes.of(read(lesson))
    return f"{model.core} + {model.deeper}"
