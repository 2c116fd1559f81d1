"""The terms of the lessons: where each is explained, and the links to that place.

`lessons/glossary.yaml` is a list. Each entry has a `term`, what it `means` in one sentence, the
number of the `lesson` that explains it, and `words` of the text that does. `also` lists other
forms of the term, such as its plural; `but` phrases in which the word is another one. Where only a
deeper block explains it, `again` is words of the core text, of that notebook or a later one, that
explains it to those who left the block out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook.authoring.lesson import Cell, Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.authoring.outline import FENCED, pieces
from workbook.base import paths, yamls
from workbook.base.problem import Problem

FILE = "glossary.yaml"
PAGE = "GLOSSARY.md"
NO_PROSE = re.compile(
    r"`[^`\n]*`|\[[^\]\n]*\]\([^)\n]*\)|<[^>\n]*>|^#+ .*$|https?://\S+|\{\{[^}\n]*\}\}"
    r"|^\*\*New in the error(?s:.*?)(?=^Read on|\Z)",
    re.M,
)
"""Code, links, tags, headings and entries to look up: there a term is neither used nor linked."""

ABOUT_DEEPER = re.compile(r"^- \(Deeper\) .*$", re.M)
"""A key point of a deeper block, which names its terms."""


class Term(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    term: str
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    means: str
    lesson: str
    words: str
    again: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The term in any of its forms, at the beginning of a sentence too."""
        forms = "|".join(map(re.escape, sorted([self.term, *self.also], key=len, reverse=True)))
        return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.I)


@dataclass(frozen=True)
class Place:
    """Where a term is explained: a cell of a notebook."""

    term: Term
    stem: str
    cell: str
    index: int

    @property
    def link(self) -> str:
        """What follows a linked word: the address of the cell, and the meaning as its title."""
        title = self.term.means.replace('"', "'")
        return f'({self.stem}.ipynb#cell-id={self.cell} "{title}")'


def terms(folder: Path) -> list[Term]:
    """The entries of the file in this folder; none where there is no file."""
    file = folder / FILE
    return list(_terms(file.read_text("utf-8"))) if file.exists() else []


@lru_cache(maxsize=4)
def _terms(text: str) -> tuple[Term, ...]:
    try:
        return tuple(Term(**each) for each in yamls.load(text) or [])
    except ValidationError as error:
        first = error.errors()[0]
        raise Problem(f"{FILE}: {first['input']!r}: {first['msg']}") from None


def complaints(every: list[Lesson]) -> list[str]:
    """Terms without a place, and terms that are used before their explanation."""
    known = {lesson.number: lesson for lesson in every}
    found: list[str] = []
    for term in terms(every[0].path.parent) if every else []:
        place = _place(term, known.get(term.lesson))
        if place is None:
            found.append(
                f"{FILE}: {term.term!r}: lesson {term.lesson} has no words {term.words!r}."
            )
            continue
        found += [
            f"{lesson.path.name}: {term.term!r} is used before notebook {term.lesson} explains"
            f" it: {_line(cell.text, term)!r}"
            for lesson, cell in _before(every, place)
            if _uses(cell, term)
        ]
        found += _unexplained(every, term)
    return found


def _unexplained(every: list[Lesson], term: Term) -> Iterator[str]:
    """Where a core path uses a term that only a deeper block has explained by then."""
    core = [(lesson, piece) for lesson in every for piece in pieces(lesson) if not piece.deeper]
    texts = [(lesson, each.text) for lesson, each in core if each.cell.kind == "markdown"]
    if any(_flow(term.words) in _flow(text) for _, text in texts):
        return
    for lesson, text in texts:
        if term.again and _flow(term.again) in _flow(text):
            return
        core_text = ABOUT_DEEPER.sub("", text)
        if found := _first(core_text, term):
            line = core_text[: found.end()].splitlines()[-1]
            yield f"{lesson.path.name}: only a deeper block explains {term.term!r}: {line!r}"


def linked(lesson: Lesson) -> dict[str, str]:
    """The text of each Markdown cell by its id, with the first use of each earlier term linked."""
    texts = {cell.id: cell.text for cell in lesson.cells if cell.kind == "markdown"}
    for place in places(lesson.path.parent):
        if place.term.lesson < lesson.number:
            _link(texts, place)
    return texts


def _link(texts: dict[str, str], place: Place) -> None:
    for identity, text in texts.items():
        if found := _first(text, place.term):
            a, b = found.span()
            texts[identity] = f"{text[:a]}[{found[0]}]{place.link}{text[b:]}"
            return


def places(folder: Path) -> tuple[Place, ...]:
    """Where each term is explained, the terms in the order of their file."""
    files = [folder / FILE, *lessons(folder)] if (folder / FILE).exists() else []
    return _places(folder, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _places(folder: Path, _: tuple[tuple[Path, int], ...]) -> tuple[Place, ...]:
    wanted = {term.lesson for term in terms(folder)}
    files = [path for path in lessons(folder) if path.stem[:2] in wanted]
    known = {path.stem[:2]: _as_it_is(path, path.stat().st_mtime_ns) for path in files}
    found = (_place(term, known.get(term.lesson)) for term in terms(folder))
    return tuple(place for place in found if place is not None)


@lru_cache(maxsize=32)
def _as_it_is(path: Path, _: int) -> Lesson:
    """A lesson, read once for each change; nobody here changes it."""
    return read(path)


def _place(term: Term, lesson: Lesson | None) -> Place | None:
    for index, cell in enumerate(lesson.cells if lesson else []):
        if lesson and cell.kind == "markdown" and _flow(term.words) in _flow(cell.text):
            return Place(term, lesson.path.stem, cell.id, index)
    return None


def _before(every: list[Lesson], place: Place) -> Iterator[tuple[Lesson, Cell]]:
    for lesson in every:
        early = lesson.number < place.term.lesson
        last = len(lesson.cells) if early else place.index
        if lesson.number <= place.term.lesson:
            yield from ((lesson, cell) for cell in lesson.cells[:last])


def _uses(cell: Cell, term: Term) -> bool:
    return cell.kind == "markdown" and _first(cell.text, term) is not None


@lru_cache(maxsize=100_000)
def _first(text: str, term: Term) -> re.Match[str] | None:
    """Where a text first uses a term in its prose; a build asks the same again and again."""
    return next(_found(text, term), None)


def _found(text: str, term: Term) -> Iterator[re.Match[str]]:
    """Where a text uses a term in its prose."""
    if not term.pattern.search(text):
        return
    others = [re.compile(re.escape(phrase), re.I) for phrase in term.but]
    kinds = (FENCED, NO_PROSE, *others)
    no_prose = [each.span() for pattern in kinds for each in pattern.finditer(text)]
    for found in term.pattern.finditer(text):
        if not any(a <= found.start() < b for a, b in no_prose):
            yield found


def _line(text: str, term: Term) -> str:
    found = next(_found(text, term))
    return text[text.rfind("\n", 0, found.start()) + 1 :].split("\n")[0]


@lru_cache(maxsize=10_000)
def _flow(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def page(folder: Path) -> str:
    """The glossary as a page: every term, what it means, and the notebook that explains it."""
    lines = [
        "# Glossary",
        "",
        "Every term of the notebooks, and the notebook that explains it. Made by `./wb build` from",
        f"`lessons/{FILE}`; edit it there.",
        "",
    ]
    for place in sorted(places(folder), key=lambda each: each.term.term.lower()):
        term = place.term
        lines += [
            f"- **{term.term}**: {term.means} ([{term.lesson}](notebooks/{place.stem}.ipynb))"
        ]
    return "\n".join(lines) + "\n"


def expected() -> dict[Path, str]:
    """The page and its text."""
    return {paths.ROOT / PAGE: page(paths.ROOT / "lessons")}
