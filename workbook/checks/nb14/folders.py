"""The folders of a check of a drill: the mended app, that night's, and the one before it."""

from dataclasses import dataclass
from pathlib import Path

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet
from workbook.drills import copies
from workbook.drills.drill import Drill
from workbook.myapp import sections

CELL = "answer.py"
"""The file of the learner's cell, in the folder of the check."""


@dataclass(frozen=True)
class Folders:
    """Where each app lies; the mended one in the folder of the check itself."""

    mended: Path
    night: Path
    before: Path

    def differ(self) -> bool:
        """Whether the mended app is another one than that before the night."""
        files = [path for path in self.before.rglob("*") if path.is_file()]
        names = [path.relative_to(self.before) for path in files]
        return any((self.mended / n).read_bytes() != (self.before / n).read_bytes() for n in names)


def prepare(answer: Answer, drill: Drill) -> Folders:
    """Write the three apps; NotYet where the cell does not say what goes where."""
    folder = Path(answer.workspace)
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != CELL and "__pycache__" not in path.parts
    }
    cell = (folder / CELL).read_text("utf-8")
    made = Folders(folder, folder / "_night", folder / "_before")
    tests = {name: text for name, text in _read(cell).items() if name.startswith("tests/")}
    night, mended = copies.broken(texts, drill), _mended(texts, drill, cell)
    _changes_what_is_there(night, mended)
    copies.write(made.before, texts | tests)
    copies.write(made.night, night | tests)
    copies.write(folder, mended)
    return made


def _changes_what_is_there(night: dict[str, str], mended: dict[str, str]) -> None:
    """NotYet where all of the mend lies in modules that nothing of that app imports."""
    parts = {name for name, text in mended.items() if night.get(name) != text}
    outside = {name for name in parts if not name.startswith("tests/")}
    new = sorted(outside - night.keys())
    if new and outside == set(new) and all(name.startswith("app/") for name in new):
        raise NotYet.looked_at(
            "your cell, as parts of files",
            got=f"it begins a new file, {new[0]}, and changes no file that the app has",
            wanted="the path of a file of the app above what you mend in it",
            ask="what is the path in which you have read it?",
        )


def _read(cell: str) -> dict[str, str]:
    try:
        return sections.read(cell)
    except SyntaxError as error:
        raise _unfit(error) from None


def _mended(texts: dict[str, str], drill: Drill, cell: str) -> dict[str, str]:
    try:
        return copies.mended(texts, drill, cell)
    except SyntaxError as error:
        raise _unfit(error) from None


def _unfit(error: SyntaxError) -> NotYet:
    return NotYet.looked_at(
        "your cell, as parts of files",
        got=str(error.msg),
        wanted="above each part the path of its file (# app/rules.py), and parts that parse",
    )
