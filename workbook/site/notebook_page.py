"""One notebook as a page: its lesson's order, the outputs of the solution, a name for each cell."""

import json
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from workbook import material
from workbook.authoring import built, minutes, outline
from workbook.authoring.lesson import SPEAKER, Cell, Lesson
from workbook.site import exercise_fold, outputs
from workbook.site.diagrams import FENCED, Diagrams
from workbook.site.edition import Edition
from workbook.site.exercise_fold import Made
from workbook.site.links import Links, cell_anchor

CHECK = re.compile(r'^await lab\.check\("[\w.]+"\)$')
TITLE = re.compile(r"\A(# .+\n)")
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}


@dataclass(frozen=True)
class Site:
    """What every page of one edition needs."""

    edition: Edition
    links: Links
    diagrams: Diagrams


def mermaid(lesson: Lesson) -> list[str]:
    """The text of every diagram of a lesson, and of its outputs."""
    found = []
    for cell in solved_cells(lesson):
        found += FENCED.findall(cell["source"]) if cell["cell_type"] == "markdown" else []
        kept = [each.get("data", {}) for each in cell.get("outputs", [])]
        found += [outputs.joined(each[outputs.MERMAID]) for each in kept if outputs.MERMAID in each]
    return found


def page(lesson: Lesson, facts: str, site: Site) -> str:
    """The source of the page, a notebook; `facts` is what stands below the title."""
    made: Made = []
    for cell, solved in zip(lesson.cells, solved_cells(lesson), strict=True):
        made += _marked(cell, _parts(cell, solved, lesson, site))
    first = made[1]
    first["source"] = TITLE.sub(lambda found: f"{found[1]}\n{facts}\n", first["source"], count=1)
    for number, each in enumerate(made):
        each["id"] = f"part-{number}"
    contents = {"cells": made, "metadata": _metadata(), "nbformat": 4, "nbformat_minor": 5}
    return built.json_text(contents)


def told(lesson: Lesson, edition: Edition = Edition.LEARNER) -> str:
    """How long it takes, how it is opened, the slides: HTML for the place below the title."""
    model = minutes.of(lesson)
    deck = f'. <a href="slides/{lesson.path.stem}.html">The slides</a>'
    slides = deck if edition is Edition.INSTRUCTOR else ""
    parts = ((model.deeper, "what is marked <em>Deeper</em>"), (model.practice, "practice"))
    more = "".join(f", and {minutes} more for {what}" for minutes, what in parts if minutes)
    return (
        f'<p class="nw-facts">{model.core} minutes{more}.'
        f" Open it in JupyterLab: <code>./wb lab {lesson.number}</code>{slides}</p>\n"
    )


def _metadata() -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"kernelspec": kernel, "language_info": LANGUAGE}


def solved_cells(lesson: Lesson) -> Made:
    """The cells of the solution, as they are stored: one for each cell of the lesson."""
    path = built.places(lesson)["solution"]
    cells: Made = json.loads(path.read_text("utf-8"))["cells"]
    return [cell | {"source": outputs.joined(cell["source"])} for cell in cells]


def _marked(cell: Cell, made: Made) -> Made:
    """Behind a place that a link can name; one of a code cell can be seen, and copied."""
    name = cell_anchor(cell.id)
    link = f'<a href="#{name}" aria-label="Link to cell {escape(cell.id)}">¶</a>'
    shown = link if cell.kind == "code" else ""
    return [exercise_fold.markdown(f'<div class="nw-cell" id="{name}">{shown}</div>\n'), *made]


def _parts(cell: Cell, solved: dict[str, Any], lesson: Lesson, site: Site) -> Made:
    if cell.kind == "markdown":
        return _text(cell, solved["source"], lesson, site)
    own = [each for each in solved["outputs"] if not outputs.is_mark(each)]
    kept = [outputs.shown(each, site.diagrams) for each in own]
    ran = exercise_fold.code(solved["source"], kept, solved["execution_count"])
    if cell.question:
        known = material.question(cell.question)
        return exercise_fold.question(cell, known, site.edition)
    if cell.is_typed():
        name = cell.options.get("exercise")
        exercise = material.exercise(name) if name else None
        return exercise_fold.typed(cell, exercise, ran, site.edition)
    return exercise_fold.verdict(ran, site.edition) if CHECK.match(cell.text) else [ran]


def _text(cell: Cell, text: str, lesson: Lesson, site: Site) -> Made:
    """A text with its links and figures, and for instructors with the notes of its sections."""
    page = lesson.path.stem
    linked = site.links.rewritten(text, f"notebooks/{page}.ipynb", page)
    made = []
    for (_, heading, _), piece in zip(outline.split(cell.text), outline.split(linked), strict=True):
        made.append(exercise_fold.markdown(site.diagrams.in_text(piece[2])))
        if site.edition is Edition.INSTRUCTOR and (heading or cell is lesson.cells[0]):
            made += [exercise_fold.markdown(note) for note in _notes(heading, lesson)]
    return made


def _notes(heading: str, lesson: Lesson) -> list[str]:
    """What whoever teaches is told of the section with this heading; without one, at the start."""
    fences = [each for each in lesson.fences if each.kind in SPEAKER and each.section == heading]
    return [exercise_fold.note(each.kind, each.text) for each in fences]
