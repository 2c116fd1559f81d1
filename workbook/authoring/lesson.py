"""Reading a lesson: one MyST Markdown file that holds a notebook, its solutions and its notes.

Code cells are `{code-cell}` fences; their options (`exercise`, `title`, `minutes`, `names`,
`seconds` for a slow check, `raises`, `says`, `printed` for an error of another process, `label`)
stand in a YAML block at their top. Fences named below are taken out of
the text: `{hint} ID`, `{why} ID` and `{try} ID` belong to an exercise, `{note}`, `{ask}` and
`{demo}` are for whoever teaches it, `{error} NAME` is an entry of the error dictionary.
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
import yaml

from workbook.base import yamls
from workbook.base.problem import Problem

FENCE = re.compile(
    r"^(`{3,})\{(hint|why|try|note|ask|demo|error)\}[ ]*(.*)\n((?:.*\n)*?)\1\n?", re.M
)
HEADING = re.compile(r"^##+ (.+?)(?: · (\d+) min)?$", re.M)
SOLUTION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION\n(?P<solution>.*?)^[ \t]*### END SOLUTION\n?"
    r"(?:^[ \t]*### STUB\n(?P<stub>(?:^[ \t]*#[^\n]*\n?)*))?",
    re.M | re.S,
)
SPEAKER = ("note", "ask", "demo")


@dataclass
class Fence:
    """A directive that is not part of the notebook's text."""

    kind: str
    about: str
    text: str
    section: str


@dataclass
class Cell:
    """One cell: its text, and what the lesson says of it."""

    kind: str
    text: str
    id: str
    options: dict[str, Any] = field(default_factory=dict)
    section: str = ""
    raw: str = ""
    """The text with its fences, as the author wrote it."""

    def solved(self) -> str:
        """The cell as the solution has it."""
        return SOLUTION.sub(lambda m: m["solution"], self.text + "\n").rstrip()

    def stubbed(self) -> str:
        """The cell as the learner gets it."""
        return SOLUTION.sub(_stub, self.text + "\n").rstrip()


@dataclass
class Lesson:
    """One lesson, read."""

    path: Path
    cells: list[Cell]
    fences: list[Fence]

    @property
    def number(self) -> str:
        """Two digits."""
        return self.path.stem[:2]

    @property
    def title(self) -> str:
        """The first heading, without its number."""
        found = re.search(r"^# (?:\d\d · )?(.+)$", self.cells[0].text, re.M)
        return found[1] if found else self.path.stem

    @property
    def exercises(self) -> list[Cell]:
        """The cells in which the learner writes."""
        return [cell for cell in self.cells if "exercise" in cell.options]

    def about(self, kind: str, exercise_id: str) -> list[str]:
        """The texts of these fences for one exercise."""
        return [f.text for f in self.fences if f.kind == kind and f.about == exercise_id]

    def minutes(self) -> tuple[int, int]:
        """Minutes to read, from the headings, and to solve, from the exercises."""
        text = "\n".join(cell.text for cell in self.cells if cell.kind == "markdown")
        reading = sum(int(found[2] or 0) for found in HEADING.finditer(text))
        return reading, sum(int(cell.options.get("minutes", 0)) for cell in self.exercises)


def _stub(match: re.Match[str]) -> str:
    stub = re.sub(r"^([ \t]*)# ?", r"\1", match["stub"] or "", flags=re.M)
    return re.sub(r"^([ \t]*(?:\w+ = )?\.\.\.)$", r"\1  # your code here", stub, flags=re.M)


def read(path: Path) -> Lesson:
    """Read a lesson; Problem with a sentence for the author when it does not hold together."""
    try:
        notebook = jupytext.reads(path.read_text("utf-8"), fmt="md:myst")
    except (ValueError, yaml.YAMLError) as error:
        raise Problem(f"{path.name} is no MyST notebook: {error}") from error
    cells: list[Cell] = []
    fences: list[Fence] = []
    section = ""
    seen: dict[str, int] = {}
    for raw in notebook.cells:
        text = raw.source if raw.cell_type == "code" else _take(raw.source, section, fences)
        headings = HEADING.findall(text) if raw.cell_type == "markdown" else []
        section = headings[-1][0] if headings else section
        if not text.strip():
            continue
        options = {k: v for k, v in raw.metadata.items() if k != "tags"}
        identity = _identity(str(options.get("label") or ""), raw.cell_type + raw.source, seen)
        cells.append(Cell(raw.cell_type, text.strip("\n"), identity, options, section, raw.source))
    return Lesson(path, cells, fences)


def _take(source: str, section: str, fences: list[Fence]) -> str:
    """The text without its fences, which are added to the list."""

    def one(match: re.Match[str]) -> str:
        before = HEADING.findall(source[: match.start()])
        where = before[-1][0] if before else section
        fences.append(Fence(match[2], match[3].strip(), match[4].strip(), where))
        return _entry(fences[-1]) if match[2] == "error" else ""

    text = FENCE.sub(one, source + "\n")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _entry(fence: Fence) -> str:
    """An entry of the error dictionary, as the notebook shows it."""
    entry = error_entry(fence)
    causes = "".join(f"\n  {n}. {cause}" for n, cause in enumerate(entry["causes"], 1))
    return (
        f"- **`{entry['name']}`**: {entry['means']}\n\n  *Causes, the likeliest first:*{causes}"
        f"\n\n  *Fix:* {entry['fix']}\n"
    )


def error_entry(fence: Fence) -> dict[str, Any]:
    """The parts of an `{error}` fence: name, says (optional), means, causes, fix."""
    body = yamls.load(fence.text) or {}
    missing = {"means", "causes", "fix"} - set(body)
    if missing:
        raise Problem(f"The error entry {fence.about} lacks {', '.join(sorted(missing))}.")
    fixed = {key: body[key] for key in ("means", "causes", "fix")}
    return {"name": fence.about, "says": body.get("says", ""), **fixed}


def _identity(label: str, source: str, seen: dict[str, int]) -> str:
    base = re.sub(r"[^\w-]", "-", label) or hashlib.sha256(source.encode()).hexdigest()[:10]
    seen[base] = seen.get(base, 0) + 1
    return base if seen[base] == 1 else f"{base}-{seen[base]}"


def lessons(folder: Path) -> list[Path]:
    """The lessons, in order."""
    return sorted(folder.glob("[0-9][0-9]_*.md"))
