"""`wb status`: how far the learner is, and what is running."""

import json

from workbook import workspace
from workbook.base import paths
from workbook.cli import jupyter
from workbook.questions import recall
from workbook.room.laptop import sentences as room
from workbook.workspace.overview import Known


def text() -> str:
    """The whole page."""
    lost, known = workspace.lost(), workspace.read()
    every = workspace.standings(known)
    lines = [_line(each, known) for each in every]
    right, total = (sum(each.right for each in every), sum(each.total for each in every))
    lines += ["", f"{right} of {total} exercises are right."] if lines else [NOTHING]
    if due := len(recall.due()):
        lines.append(f"Questions that are due again: {due} (./wb review)")
    notebook = workspace.next_notebook(known)
    if notebook:
        lines.append(f"Next: {notebook.number} {notebook.title} (./wb lab {notebook.number})")
    address = jupyter.running()
    lines.append(f"JupyterLab: {address.url(None)}" if address else "JupyterLab is not running.")
    lines.append(room.state())
    lines.append(f"Your files: {paths.work_as_known()}")
    return "\n".join([*lines, *workspace.damage(), *filter(None, [lost])])


def as_json() -> str:
    """The same for programs: exercises, practice and questions by notebook, what is due again."""
    known = workspace.read()
    due = [each.id for each in recall.due()]
    return json.dumps({"notebooks": data(known), "due": due}, indent=1, ensure_ascii=False)


def data(known: Known) -> dict[str, dict[str, object]]:
    """How far each notebook is, by its number."""
    return {each.notebook.number: _data(each) for each in workspace.standings(known)}


def _data(standing: workspace.Standing) -> dict[str, object]:
    exercises = {"right": standing.right, "of": standing.total, "open": standing.open}
    questions = {
        "answered": standing.answered,
        "right_at_once": standing.at_once,
        "of": standing.questions,
    }
    return {
        "title": standing.notebook.title,
        "core_done": standing.is_done,
        "exercises": exercises,
        "practice": _practice(standing),
        "questions": questions,
    }


def _practice(standing: workspace.Standing) -> dict[str, object]:
    levels = {
        level: {"right": right, "of": total} for level, (right, total) in standing.practice.items()
    }
    right, total = (sum(each[key] for each in levels.values()) for key in ("right", "of"))
    return {"right": right, "of": total, "levels": levels}


NOTHING = "There are no notebooks here yet. Authors make them with: ./wb build"


def _line(standing: workspace.Standing, known: Known) -> str:
    notebook = standing.notebook
    tried = [each for each in standing.open if each in known and known[each].attempts]
    words = f"{standing.right} of {standing.total} right" if standing.total else "to read"
    words += ", the rest is deeper" if standing.open and standing.is_done else ""
    words += f", not yet: {', '.join(tried)}" if tried else ""
    return f"{notebook.number}  {notebook.title:<40} {'; '.join([words, *beside(standing)])}"


def beside(standing: workspace.Standing) -> list[str]:
    """What is done of practice and of questions, for a notebook that has them."""
    lines = []
    if standing.practice:
        each = [
            f"{right} of {total} {level}" for level, (right, total) in standing.practice.items()
        ]
        lines.append(f"practice: {', '.join(each)} right")
    if standing.questions:
        said = f"{standing.answered} of {standing.questions} questions answered"
        lines.append(said + (f", {standing.at_once} right at once" if standing.answered else ""))
    return lines
