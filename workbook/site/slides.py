"""The slides of a notebook: its picture, each prediction and what came of it, and its key points.

A deck is a text that Sphinx makes slides of: a heading of the second level begins a column, one of
the third a slide in it. Whoever shows it presses S for a window with the notes.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from workbook.authoring import minutes, outline, questions
from workbook.authoring.lesson import SPEAKER, Cell, Lesson
from workbook.site import outputs
from workbook.site.diagrams import Diagrams

WHOLE = ("Recall", "The picture", "Key points", "Exit ticket")
"""Sections that are shown as they are; of all others, what is asked and what came of it."""
SETTLED = re.compile(r"<details.*?</details>|\*\*New in the error.*", re.S)
"""What of them is for reading alone."""
LINK = re.compile(r"(?<!!)\[((?:`[^`\n]*`|[^\[\]`])+)\]\([^()\s]+(?: \"[^\"]*\")?\)")
GOAL = re.compile(r"\*\*After this you can\*\* (.+?)\n\n", re.S)
LINES, WIDTH = 14, 96
"""What of a text fits on a slide."""
ASKED = 4
"""Lines of a question for which there is room above that: each more takes two lines of code."""
NAME = "slides"
"""The folder of the decks in the instructors' edition."""
FILES = Path(__file__).parent / "reveal"
Made = list[dict[str, Any]]


def sources(every: list[tuple[Lesson, Made]], diagrams: Diagrams) -> dict[str, str]:
    """Path → text: a deck of each lesson with the cells of its solution, and a list of them."""
    decks = {each.path.stem: deck(each, solved, diagrams) for each, solved in every}
    names = "\n".join(decks)
    decks["index"] = f"# Slides\n\n```{{toctree}}\n:titlesonly:\n\n{names}\n```\n"
    return {f"{name}.md": text for name, text in decks.items()} | diagrams.files()


def deck(lesson: Lesson, solved: Made, diagrams: Diagrams) -> str:
    """The slides of one lesson; `solved` are its cells as the solution stores them."""
    goal = GOAL.search(lesson.cells[0].text)
    first = f"After this you can {goal[1]}\n\n" if goal else ""
    made = [f"# {lesson.number} · {lesson.title}\n\n{first}{minutes.of(lesson).core} minutes\n"]
    asked, beyond = "", [each for each in outline.pieces(lesson) if each.is_practice]
    for cell, ran in zip(lesson.cells, solved, strict=True):
        if cell.kind == "markdown":
            made += _sections(cell, lesson, diagrams, {each.text for each in beyond})
            asked = "\n\n".join(filter(None, [asked, _asked(cell.text)]))
        elif not cell.question and (asked or cell.claims):
            made += _outcome(cell, ran, asked, diagrams)
            asked = ""
    return "\n".join(made)


def _sections(cell: Cell, lesson: Lesson, diagrams: Diagrams, left_out: set[str]) -> Iterator[str]:
    """The headings of a text, with what is shown whole, and with the notes for whoever speaks."""
    for marks, heading, text in outline.split(cell.text):
        if text in left_out:
            continue
        if not marks and cell.section in WHOLE and questions.BEGINS.match(text):
            yield f"### {cell.section}\n\n{without_links(text).strip()}\n"
        if not marks:
            continue
        title = without_links(re.sub(r" *\(\{\{.*?\}\} minutes\)", "", heading))
        body = diagrams.in_text(without_links(SETTLED.sub("", text).partition("\n")[2]))
        shown = body if heading.startswith(WHOLE) or "xercise:" in heading else ""
        shown = shown.partition("\n| ")[0]  # a table has no room beside the rest
        yield f"{marks[:3]} {title}\n\n{shown.strip()}\n{_notes(heading, lesson)}"


def _asked(text: str) -> str:
    """The last paragraph that asks for a prediction, with its choices; empty where none does."""
    paragraphs = text.split("\n\n")
    places = [n for n, each in enumerate(paragraphs) if "*Predict:*" in each]
    if not places:
        return ""
    last = places[-1]
    marks_itself = questions.BEGINS.match(paragraphs[last])
    found = paragraphs[last:] if marks_itself else [paragraphs[last]]
    return without_links("\n\n".join(found))


def _outcome(cell: Cell, ran: dict[str, Any], asked: str, diagrams: Diagrams) -> Iterator[str]:
    """The question and its code, a slide for each picture, one for texts and for what they show."""
    source = cell.stubbed() if cell.is_typed() else ran["source"]
    more = max(0, len(re.findall(r"^\S", asked, re.M)) - ASKED)
    code = f"```python\n{_short(source, LINES - 2 * more)}\n```\n"
    yield f"### {'What happens?' if asked else 'The code'}\n\n{asked}\n\n{code}"
    own = [each for each in ran["outputs"] if not outputs.is_mark(each)]
    kept = [_output(ran["source"], outputs.shown(each, diagrams)) for each in own]
    for picture in (each for each in kept if each.startswith("<")):
        yield f"### What happened\n\n{picture}\n"
    said = "".join(f"- {without_links(each.sentence)}\n" for each in cell.claims)
    texts = [each for each in (*kept, said) if each and not each.startswith("<")]
    if texts:
        yield "### What happened\n\n" + "\n\n".join(texts)


def _output(source: str, output: dict[str, Any]) -> str:
    """One stored output, as Markdown."""
    data = output.get("data", {})
    if outputs.PLOT in data:
        words = escape(outputs.in_words(source, [output]))
        return f'<img alt="{words}" src="data:image/png;base64,{data[outputs.PLOT].strip()}">'
    if outputs.HTML in data:
        return outputs.joined(data[outputs.HTML]).replace("\n\n", "\n")
    text = output.get("text") or data.get(outputs.TEXT) or output.get("evalue") or ""
    return f"```text\n{_short(outputs.joined(text))}\n```" if text else ""


def _short(text: str, most: int = LINES) -> str:
    """What fits; a mark where something is left out."""
    lines = [each if len(each) <= WIDTH else f"{each[: WIDTH - 1]}…" for each in text.splitlines()]
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], "…"])


def _notes(heading: str, lesson: Lesson) -> str:
    """What whoever teaches is told of the section with this heading."""
    kept = [each for each in lesson.fences if each.kind in SPEAKER and each.section == heading]
    told = "\n\n".join(f"**{each.kind.title()}:** {without_links(each.text)}" for each in kept)
    return f'\n<aside class="notes">\n\n{told}\n\n</aside>\n' if told else ""


def without_links(text: str) -> str:
    """A text without links: a slide leads nowhere."""
    return LINK.sub(lambda found: found[1], text)
