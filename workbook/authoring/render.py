"""From one lesson: the learner's notebook, the solution, and what the lessons say as data."""

import re
from dataclasses import asdict
from typing import Any

import nbformat

from workbook.authoring import glossary, minutes, questions, trees
from workbook.authoring.lesson import Cell, Lesson
from workbook.authoring.lesson_reader import error_entry
from workbook.authoring.minutes import Minutes
from workbook.authoring.outline import DEEPER, HEADING
from workbook.base.problem import Problem

PLACE = re.compile(r"\{\{([\w.]+)\}\}")
"""Where the minutes of a lesson go into its text: `{{reading}}`, `{{01.get_db}}`."""
SUMS = ("core", "reading", "solving", "deeper", "practice")
"""The minutes that have such a place."""
NEW_ENTRIES = re.compile(r"^\*\*New in the error dictionary\*\*\n(.*?)(?=^Read on|\Z)", re.M | re.S)
"""For a fold: they are to look up, not to read."""
FOLD = """<details><summary><b>New in the error dictionary</b>, to look up</summary>

{}

</details>

"""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def notebook(lesson: Lesson, solved: bool) -> nbformat.NotebookNode:
    """The notebook of a lesson, not executed: with the solutions, or with the stubs."""
    made: nbformat.NotebookNode = nbformat.from_dict(contents(lesson, solved, claims=True))
    return made


def contents(lesson: Lesson, solved: bool, claims: bool) -> dict[str, Any]:
    """What the notebook of a lesson holds, as data; with `claims`, what its sentences say too."""
    texts, model = glossary.linked(lesson), minutes.of(lesson)
    filled = {name: _folded(with_minutes(text, lesson, model)) for name, text in texts.items()}
    cells = [_cell(cell, filled.get(cell.id, ""), solved) for cell in lesson.cells]
    for made, cell in zip(cells, lesson.cells, strict=True):
        if claims and cell.claims:
            told = [asdict(each) for each in cell.claims]
            made["metadata"].setdefault("nightwatch", {})["holds"] = told
    return {
        "cells": cells,
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def json_form(contents: dict[str, Any]) -> dict[str, Any]:
    """The same as a file of a notebook has it: a cell's source is a list of lines."""
    cells = [cell | {"source": cell["source"].splitlines(True)} for cell in contents["cells"]]
    return contents | {"cells": cells}


def _cell(cell: Cell, text: str, solved: bool) -> dict[str, Any]:
    """One cell; `text` is that of a Markdown cell."""
    metadata: dict[str, Any] = {}
    if cell.kind == "markdown":
        return {"cell_type": "markdown", "id": cell.id, "metadata": metadata, "source": text}
    if "raises" in cell.options:
        metadata["nightwatch"] = {
            key: cell.options[key] for key in ("raises", "says", "printed") if key in cell.options
        }
        if not cell.options.get("printed"):
            metadata["tags"] = ["raises-exception"]
    if "exercise" in cell.options:
        metadata["nightwatch"] = {"exercise": cell.options["exercise"]}
    if cell.question:
        metadata["nightwatch"] = {"question": cell.question}
    source = cell.solved() if solved else cell.stubbed()
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell.id,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def with_minutes(text: str, lesson: Lesson, model: Minutes) -> str:
    """A text with the minutes of its headings, and with the values of its places."""
    values = {name: getattr(model, name) for name in SUMS}
    values |= {"exercises": len(lesson.exercises) - len(lesson.beyond)} | model.exercises
    if unknown := set(PLACE.findall(text)) - values.keys():
        raise Problem(
            f"{lesson.path.name}: there is no value for {{{{{unknown.pop()}}}}};"
            f" there are: {', '.join(values)}."
        )
    filled = PLACE.sub(lambda found: str(values[found[1]]), text)
    return HEADING.sub(lambda found: _timed(found, model.sections), filled)


def _folded(text: str) -> str:
    """The new entries of the error dictionary under a fold: they are to look up, not to read."""
    return NEW_ENTRIES.sub(lambda found: FOLD.format(found[1].strip()), text)


def _timed(found: re.Match[str], sections: dict[str, int]) -> str:
    """A heading with its minutes, where it is one of a section or of a block apart."""
    timed = found[2] in sections and (found[1] == "##" or DEEPER.match(found[2]))
    return f"{found[0]} · {sections[found[2]]} min" if timed else found[0]


def data(lesson: Lesson) -> dict[str, Any]:
    """What the rest of the workbook needs to know of a lesson; `files` is filled by its run."""
    model = minutes.of(lesson)
    return {
        "number": lesson.number,
        "stem": lesson.path.stem,
        "title": lesson.title,
        "minutes": model.core,
        "exercises": [_exercise(cell, lesson, model) for cell in lesson.exercises],
        "questions": questions.data(lesson),
        "failures": [_failure(cell) for cell in lesson.cells if "raises" in cell.options],
        "errors": [error_entry(fence) for fence in lesson.fences if fence.kind == "error"],
        "given": _given(lesson),
        "files": {},
    }


def _given(lesson: Lesson) -> dict[str, str]:
    """The files beside the lesson that `lab.add` puts into the app: `lessons/given/NN/…`."""
    return trees.texts(lesson.path.parent / "given" / lesson.number)


def _exercise(cell: Cell, lesson: Lesson, model: Minutes) -> dict[str, Any]:
    name = str(cell.options["exercise"])
    why, later = lesson.about("why", name), lesson.about("try", name)
    return {
        "id": name,
        "title": cell.options.get("title", ""),
        "minutes": model.exercises[name],
        "names": list(cell.options.get("names", [])),
        "path": path_of(cell),
        "stub": _body(cell.stubbed()),
        "solution": _body(cell.solved()),
        "hints": [flow(text) for text in lesson.about("hint", name)],
        "why": flow(" ".join(why)),
        "try_next": flow(" ".join(later)),
        **({"seconds": cell.options["seconds"]} if "seconds" in cell.options else {}),
        **({"deeper": True} if name in model.deeper_exercises else {}),
        **({"level": cell.options["level"]} if "level" in cell.options else {}),
    }


def _failure(cell: Cell) -> dict[str, Any]:
    return {"cell": cell.id, "raises": cell.options["raises"], "says": _says(cell)}


def _says(cell: Cell) -> str:
    return str(cell.options.get("says", ""))


def path_of(cell: Cell) -> str | None:
    """The file of the app that a `%%myapp` cell writes, or None."""
    found = re.match(r"%%myapp +(\S+)", cell.text)
    return found[1] if found else None


def _body(source: str) -> str:
    return re.sub(r"\A%%(myapp|mend).*\n", "", source).strip("\n") + "\n"


def flow(text: str) -> str:
    """A text on one line, its runs of white space as single spaces."""
    return re.sub(r"\s+", " ", text).strip()
