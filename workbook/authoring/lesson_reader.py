"""Reading a lesson: one MyST Markdown file that holds a notebook, its solutions and its notes.

Code cells are `{code-cell}` fences; their options (`exercise`, `title`, `names`,
`seconds` for a slow check, `level` of practice, `raises`, `says`, `printed` for an error of another
process, `label`) stand in a YAML block at their top. Fences named below are taken out of
the text: `{hint} ID`, `{why} ID` and `{try} ID` belong to an exercise, `{note}`, `{ask}` and
`{demo}` are for whoever teaches it, `{error} NAME` is an entry of the error dictionary
(`error_entries` says what it holds). `{question} NN.N` is a question that marks itself
(`questions` says what it holds): in the notebook a text, and below it a cell to answer in. `{holds}
WORDS` belongs to the code cell before it: its text is an expression that is true in the kernel
after that cell, where the lesson's sentence with these words is true.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
from jupytext.myst import MystMetadataParsingError
from nbformat import NotebookNode

from workbook.authoring import error_entries, questions
from workbook.authoring.lesson import (
    ABOUT_AN_EXERCISE,
    HEADING,
    SPEAKER,
    Cell,
    Claim,
    Fence,
    Lesson,
)
from workbook.base.problem import Problem

KINDS = (*ABOUT_AN_EXERCISE, *SPEAKER, "error", "holds", questions.KIND)
UNSEEN = ("holds", *SPEAKER)
"""What no notebook shows, and no id depends on."""
FENCE = re.compile(rf"^(`{{3,}})\{{({'|'.join(KINDS)})\}}[ ]*(.*)\n((?:.*\n)*?)\1[ ]*$\n?", re.M)
DIRECTIVE = re.compile(r"^`{3,}\{([^}\n]*)\}[ ]*(.*)$", re.M)
WORDS_WITH_BACKTICKS = re.compile(r"^`{3,}\{holds\}[^`\n]*`.*$", re.M)
BACKTICKS = re.compile(r"^ *`{3,}", re.M)
OPTIONS: dict[str, type] = {
    **dict.fromkeys(("exercise", "title", "level", "raises", "says", "label"), str),
    "seconds": int,
    "names": list,
    "printed": bool,
}
"""What may stand at the top of a code cell."""


def lessons(folder: Path) -> list[Path]:
    """The lessons, in order."""
    return sorted(folder.glob("[0-9][0-9]_*.md"))


def read(path: Path) -> Lesson:
    """Read a lesson; Problem with a sentence for the author when it does not hold together."""
    try:
        lesson = _read(path)
    except (ValueError, MystMetadataParsingError) as error:
        raise Problem(f"{path.name}: it is no MyST notebook: {error}") from error
    except Problem as problem:
        raise Problem(f"{path.name}: {problem}") from None
    for fault in _faults(lesson):
        raise Problem(f"{path.name}: {fault}")
    return lesson


def _read(path: Path) -> Lesson:
    cells: list[Cell] = []
    fences: list[Fence] = []
    section = ""
    seen: dict[str, int] = {}
    whole = path.read_text("utf-8")
    if found := WORDS_WITH_BACKTICKS.search(whole):
        raise Problem(f"{found[0]!r} is no fence to Markdown: quote a part without a backtick.")
    for cell in _parts(whole):
        known, source = len(fences), _as_seen(cell.text)
        text = cell.text if cell.kind == "code" else _take(cell.text, section, fences)
        _attach(fences[known:], cells)
        _place(fences[known:], cells)
        headings = HEADING.findall(text) if cell.kind == "markdown" else []
        section = headings[-1] if headings else section
        if not text.strip():
            continue
        identity = _identity(str(cell.options.get("label") or ""), cell.kind + source, seen)
        cells.append(replace(cell, text=text.strip("\n"), id=identity, section=section))
    return Lesson(path, cells, fences)


def _parts(whole: str) -> Iterator[Cell]:
    """The cells with their text as it is written; behind a question comes the one to answer it."""
    for raw in _cells(whole):
        options = {k: v for k, v in raw.metadata.items() if k != "tags"}
        at = 0
        for found in FENCE.finditer(raw.source + "\n") if raw.cell_type == "markdown" else []:
            if found[2] == questions.KIND:
                yield Cell(raw.cell_type, raw.source[at : found.end()], "", options)
                yield questions.cell(_fence(found, ""))
                at = found.end()
        yield Cell(raw.cell_type, raw.source[at:], "", options)


@lru_cache(maxsize=64)
def _cells(whole: str) -> tuple[NotebookNode, ...]:
    """The cells of a lesson's text as jupytext reads them: to look at, never to change."""
    return tuple(jupytext.reads(whole, fmt="md:myst").cells)


def _take(source: str, section: str, fences: list[Fence]) -> str:
    """The text without its fences, which are added to the list."""

    def one(match: re.Match[str]) -> str:
        before = HEADING.findall(source[: match.start()])
        where = before[-1] if before else section
        fences.append(_fence(match, where))
        return _shown(fences[-1])

    text = FENCE.sub(one, source + "\n")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _fence(match: re.Match[str], section: str) -> Fence:
    return Fence(match[2], match[3].strip(), match[4].strip("\n"), section)


def _shown(fence: Fence) -> str:
    """What the notebook has in the place of a fence."""
    if fence.kind == questions.KIND:
        return f"\n{questions.text(fence.about, questions.asked(fence))}\n"
    return _entry(fence) if fence.kind == "error" else ""


def _attach(fences: list[Fence], cells: list[Cell]) -> None:
    """Give what holds of a cell's outcome to that cell, the last one before."""
    for each in (fence for fence in fences if fence.kind == "holds"):
        code = [c for c in cells if c.kind == "code" and not c.question]
        if not code:
            raise Problem(f"the {{holds}} {each.about!r} stands before every code cell.")
        code[-1].claims.append(Claim(each.about, each.text))


def _place(fences: list[Fence], cells: list[Cell]) -> None:
    """Say of each which code cell it stands behind."""
    code = [each.id for each in cells if each.kind == "code" and not each.question]
    for each in fences:
        each.behind = code[-1] if code else ""


def _as_seen(source: str) -> str:
    """The text as it was before somebody added a `{holds}` or a note for whoever teaches.

    A learner's cell keeps its id.
    """
    left = FENCE.sub(lambda found: "" if found[2] in UNSEEN else found[0], source + "\n")
    same = left == source + "\n"
    return source if same else re.sub(r"\n{3,}", "\n\n", left).strip("\n")


def _entry(fence: Fence) -> str:
    """An entry of the error dictionary, as the notebook shows it."""
    entry = error_entry(fence)
    causes = "".join(f"\n  {n}. {cause}" for n, cause in enumerate(entry["causes"], 1))
    return (
        f"- **`{entry['name']}`**: {entry['means']}\n\n  *Causes, the likeliest first:*{causes}"
        f"\n\n  *Fix:* {entry['fix']}\n"
    )


def error_entry(fence: Fence) -> dict[str, Any]:
    """The parts of an `{error}` fence, or Problem."""
    if _is_open(fence.text):
        raise Problem(_not_closed(fence.kind, fence.about))
    return error_entries.parsed(fence)


def _identity(label: str, source: str, seen: dict[str, int]) -> str:
    base = re.sub(r"[^\w-]", "-", label) or hashlib.sha256(source.encode()).hexdigest()[:10]
    seen[base] = seen.get(base, 0) + 1
    return base if seen[base] == 1 else f"{base}-{seen[base]}"


# What does not hold together


def _faults(lesson: Lesson) -> Iterator[str]:
    """What an author forgot to close, and what has a name that there is not."""
    for cell in lesson.cells:
        yield from _of_code(cell) if cell.kind == "code" else _of_text(cell)
    for fence in lesson.fences:
        if _is_open(fence.text):
            yield _not_closed(fence.kind, fence.about)


def _of_code(cell: Cell) -> Iterator[str]:
    first = cell.text.splitlines()[0]
    if BACKTICKS.search(cell.text):
        yield f"the code cell {first!r} is not closed: another fence stands in it."
    for name, value in cell.options.items():
        if name not in OPTIONS:
            yield f"there is no option {name!r}; the options are: {', '.join(OPTIONS)}."
        elif not isinstance(value, OPTIONS[name]):
            yield f"the option {name!r} is {value!r}, and no {OPTIONS[name].__name__}."


def _of_text(cell: Cell) -> Iterator[str]:
    for kind, about in DIRECTIVE.findall(cell.text):
        known = kind in KINDS
        there = ", ".join(f"{{{each}}}" for each in ("code-cell", *KINDS))
        yield _not_closed(kind, about) if known else f"there is no {{{kind}}}; there are: {there}."
    if _is_open(cell.text):
        yield f"in the section {cell.section!r} a block of code is not closed."


def _is_open(text: str) -> bool:
    """Whether a fence in this text has no end, or a directive stands inside."""
    return DIRECTIVE.search(text) is not None or len(BACKTICKS.findall(text)) % 2 == 1


def _not_closed(kind: str, about: str) -> str:
    return f"the {{{kind}}} {about!r} is not closed by a line of backticks."
