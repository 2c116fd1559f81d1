"""`wb report`: a page of the learner's own, to keep or to hand in; it asks for nothing elsewhere.

The same as data stands within the page, for whoever collects the reports of a room.
"""

import json
from dataclasses import asdict
from datetime import date
from html import escape
from pathlib import Path

from workbook import workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.whole import put_in_place
from workbook.cli import status
from workbook.material import Exercise
from workbook.workspace.overview import Known
from workbook.workspace.progress import Progress

MARK = "<!-- wb report -->"
"""In a page that was made here, and may be made anew."""
STYLE = (Path(__file__).parent / "own_report.css").read_text("utf-8")
MANY = 4
"""Attempts from which on an exercise is worth a second look."""
HEAD = "".join(
    f"<th scope='col'>{each}</th>" for each in ("exercise", "verdict", "attempts", "hints")
)


def write(file: Path | None, name: str) -> Path:
    """Write the page to `file`, else to `work/report.html`; Problem where something else is."""
    if file is None:
        paths.work().mkdir(parents=True, exist_ok=True)
    target = (file or paths.work() / "report.html").resolve()
    if target.exists() and MARK not in target.read_text("utf-8", errors="replace"):
        raise Problem(f"{target} is not a report of mine. Name another file: ./wb report FILE")
    if not target.parent.is_dir():
        raise Problem(f"There is no folder {target.parent}. Make it, or name another file.")
    new = target.with_name(f"{target.name}.new")
    new.write_text(page(workspace.read(), name, date.today()), "utf-8")
    put_in_place(new, target)
    return target


def data(known: Known, name: str) -> dict[str, object]:
    """What the page says, for programs: exercise id → where it stands, and counts of each notebook.

    Questions stand among the exercises, by their ids.
    """
    exercises = {each: asdict(now) for each, now in sorted(known.items())}
    counts = {"notebooks": status.data(known), "repeat": repeat(known)}
    return {"name": name, "exercises": exercises, **counts}


def as_json(name: str) -> str:
    """The same as a text, one line for each value."""
    return json.dumps(data(workspace.read(), name), indent=1, sort_keys=True)


def repeat(known: Known) -> list[str]:
    """The exercises to look at again: solved late, or with every hint, or not yet."""
    return [
        each.id
        for standing in workspace.standings(known)
        for each in standing.notebook.exercises
        if _is_shaky(known.get(each.id, Progress()), len(each.hints))
    ]


def _is_shaky(now: Progress, hints: int) -> bool:
    tried = now.attempts > 0
    return tried and (not now.solved or now.attempts >= MANY or 0 < hints <= now.hints)


def page(known: Known, name: str, today: date) -> str:
    """The whole page, as HTML."""
    every = workspace.standings(known)
    right, total = sum(each.right for each in every), sum(each.total for each in every)
    title = f"Nightwatch: {escape(name)}" if name else "Nightwatch: my report"
    again = repeat(known)
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{today.isoformat()}: {right} of {total} exercises are right.</p>",
        *(_notebook(each, known) for each in every),
        "<h2>To look at again</h2>",
        _again(again),
    ]
    told = json.dumps(data(known, name), sort_keys=True).replace("<", "\\u003c")
    script = f'<script type="application/json" id="report">{told}</script>'
    return _document(title, "\n".join(parts) + script)


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html>\n{MARK}\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><main>{body}</main></body></html>\n"
    )


def _notebook(standing: workspace.Standing, known: Known) -> str:
    book = standing.notebook
    head = f"<h2>{book.number} · {escape(book.title)}: {standing.right} of {standing.total}</h2>"
    rows = [_row(_called(each), known.get(each.id, Progress())) for each in book.exercises]
    table = f"<table><thead><tr>{HEAD}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    told = "".join(f"<p>{each[0].upper()}{each[1:]}.</p>" for each in status.beside(standing))
    return head + (table if rows else "<p>It has no exercise.</p>") + told


def _called(exercise: Exercise) -> str:
    level = f" (practice, {exercise.level})" if exercise.level else ""
    return f"{exercise.id} {exercise.title}{level}"


def _row(name: str, now: Progress) -> str:
    state = "right" if now.solved else now.verdict
    kind = "right" if now.solved else "open"
    cells = (
        f"<td class='{kind}'>{state}</td>",
        f"<td>{now.attempts}</td>",
        f"<td>{now.hints}</td>",
    )
    return f"<tr><th scope='row'>{escape(name)}</th>{''.join(cells)}</tr>"


def _again(ids: list[str]) -> str:
    if not ids:
        return "<p>Nothing: whatever you have tried was right within three attempts.</p>"
    items = "".join(f"<li><code>{each}</code></li>" for each in ids)
    why = f"Not yet right, right after {MANY} attempts or more, or with every hint:"
    return f"<p>{why}</p><ul>{items}</ul>"
