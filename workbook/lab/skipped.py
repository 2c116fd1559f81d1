"""What is said where a cell further up makes what an error misses, and has not run."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbook import material
from workbook.base import paths
from workbook.base.causes import raised_from
from workbook.checks.verdict import OF_THE_APP, YOURS, Verdict
from workbook.lab import ipython
from workbook.myapp import definitions, formats

MAGIC = re.compile(r"%%myapp (\S+)[^\n]*\n")
ADDED = re.compile(r"lab\.add\(([^)]*)\)")
TITLE = re.compile(r"^#{2,} (.+?)(?: · \d+ min| \(\d+ minutes\))?$", re.MULTILINE)
MODULE = re.compile(
    r"(?:\bmodule|No module named) '([\w.]+)'|cannot import name '\w+' from '([\w.]+)'"
)
PLACE = re.compile(r"\b(?:app|tests|alembic)/[\w/]+\.py\b")
FILE = re.compile(r"No module named")
VARIABLE = re.compile(r"\bname '(\w+)' is not defined")
MISSES = re.compile(r"cannot import|is not defined|has no (?:attribute|`\.)|no such|is nothing")
TOLD_OF = ("What was looked at", "What happened")
"""The lines of a verdict that name what was missing."""
OTHERWISE = ("What it means", "Ask yourself", "Stuck?")
"""Those that look for the reason in the answer."""


@dataclass(frozen=True)
class Skipped:
    """A cell that has not run since the start, and what it would have made."""

    heading: str
    path: str
    """The file under `myapp/`; empty for a cell that makes variables of the notebook."""
    names: frozenset[str]
    """Those that are missing by now, one in a class as `Class.name`."""
    no_file: bool

    def told_by(self, said: str) -> str:
        """What it would have made of what these words miss, as a clause; "" where it is nothing."""
        if (place := PLACE.search(said)) and self.path != place[0]:
            return ""
        if not self.path:
            name = (VARIABLE.search(said) or [""] * 2)[1]
            return f"makes `{name}`" if name in self.names else ""
        if (module := MODULE.search(said)) and not _is_of(self.path, module[1] or module[2]):
            return ""
        if self.no_file and FILE.search(said):
            return f"writes myapp/{self.path}"
        if not MISSES.search(said):
            return ""
        quoted = set(re.findall(r"['`]\.?(\w+)['`]", said))
        found = [each for each in sorted(self.names) if set(each.split(".")) <= quoted]
        name = max(found, key=lambda each: each.count("."), default="")
        return f"writes `{name.rpartition('.')[2]}` into myapp/{self.path}" if name else ""


def _is_of(path: str, module: str) -> bool:
    """Whether the file is that module, or lies in that package."""
    stem = module.replace(".", "/")
    return path == f"{stem}.py" or path.startswith(f"{stem}/")


def told(error: BaseException, book: material.Notebook, ran: Iterable[str]) -> str:
    """Which cell comes first, by its heading; "" where none of the notebook's would help.

    `ran` is the text of each cell that has run since the start.
    """
    for each in raised_from(error):
        if isinstance(each, NameError) and not _in_a_cell(each):
            continue
        if isinstance(each, NameError | ImportError | AttributeError):
            return _said(str(each), book, ran)
    return ""


def in_verdict(verdict: Verdict, book: material.Notebook, ran: Iterable[str]) -> Verdict:
    """The verdict; where the answer missed what a cell further up makes, with that to do first."""
    lines = dict(verdict.lines)
    said = " ".join(lines.get(label, "") for label in TOLD_OF)
    if VARIABLE.search(said):  # a name is missing where it is used
        said += " " + (lines.get(YOURS) or lines.get(OF_THE_APP, "")).partition(",")[0]
    if verdict.kind != "not yet" or not (first := _said(said, book, ran)):
        return verdict
    kept = (each for each in verdict.lines if each[0] not in OTHERWISE)
    return replace(verdict, lines=(*kept, ("Do first", first)))


def _said(said: str, book: material.Notebook, ran: Iterable[str]) -> str:
    for each in _skipped(book, list(ran)):
        if clause := each.told_by(said):
            return (
                f'A cell below the heading "{each.heading}" {clause}, and it has not run since the'
                " start. Select this cell again, and choose Run > Run All Above Selected Cell."
            )
    return ""


def _in_a_cell(error: BaseException) -> bool:
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    return last is not None and bool(ipython.cell_name(last.tb_frame.f_code.co_filename))


def _skipped(book: material.Notebook, ran: list[str]) -> Iterator[Skipped]:
    """The cells above the running one, as far as what they make is missing and no cell made it."""
    done: dict[str, set[str]] = {}
    for path, names in (each for cell in ran for each in _made(cell, book)):
        done.setdefault(path, set()).update(names)
    for heading, cell in _above(book):
        for path, names in _made(cell, book):
            file = paths.myapp() / path
            text = file.read_text("utf-8", errors="replace") if path and file.is_file() else ""
            there = _names(path, text)
            missing = frozenset(names - there - done.get(path, set()))
            yield Skipped(heading, path, missing, path not in done and not file.exists())


def _above(book: material.Notebook) -> list[tuple[str, str]]:
    """The heading and the text of each code cell above the one that runs; [] where it is new.

    So is each one where the notebook as it is handed out is damaged, which the start cell says.
    """
    found: list[tuple[str, str]] = []
    heading = ""
    path = paths.ROOT / "notebooks" / f"{book.stem}.ipynb"
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return []
    for cell in cells:
        text = "".join(cell["source"])
        if cell["id"] == ipython.cell_id():
            return found
        if cell["cell_type"] == "markdown":
            heading = [heading, *TITLE.findall(text)][-1]
        else:
            found.append((heading, text))
    return []


def _made(cell: str, book: material.Notebook) -> Iterator[tuple[str, set[str]]]:
    """The files that a cell writes, and the names in each; "" for the variables that it makes."""
    if written := MAGIC.match(cell):
        yield written[1], _names(written[1], cell[written.end() :])
        return
    yield "", _names("", cell)
    arguments = " ".join(ADDED.findall(cell))
    for path, text in book.given.items():
        if _adds(arguments, path):
            yield path, _names(path, text)


def _adds(arguments: str, path: str) -> bool:
    """Whether `lab.add` gets the path, whole or put together from its folder and its name."""
    folder, _, name = path.rpartition("/")
    parts = (f"{folder}/", f'"{name.removesuffix(".py")}"')
    return f'"{path}"' in arguments or all(each in arguments for each in parts)


def _names(path: str, text: str) -> set[str]:
    """What a file, or for "" a cell, makes or imports; what a class holds as `Class.name`."""
    try:
        if path and not path.endswith(".py"):
            return set(formats.for_path(path).keys(text))
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return set()
    imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    names = {one.asname or one.name.split(".")[0] for each in imports for one in each.names}
    classes = [each for each in body if isinstance(each, ast.ClassDef)]
    held = {
        f"{c.name}.{name}" for c in classes for each in c.body for name in definitions.bound(each)
    }
    return held.union(names, *map(definitions.bound, body))
