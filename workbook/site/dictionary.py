"""The error dictionary as pages: a place of its own for each entry, which a link can name."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workbook.authoring import dictionary_page
from workbook.authoring.error_entries import anchor as slug
from workbook.authoring.error_entries import heading
from workbook.site.links import anchor, cell_anchor, relative

SHOWN = "errors/shown"
INDEX = "errors/index"
LONGEST = 60
"""Letters of an address that come from a heading."""


@dataclass(frozen=True)
class Entry:
    """One entry with the page it stands on, and its address there."""

    told: dict[str, Any]
    page: str
    section: str
    name: str
    book: dict[str, Any] | None
    """The material of the notebook that shows it, if one does."""


def entries(books: Iterable[dict[str, Any]], more: Iterable[dict[str, Any]]) -> list[Entry]:
    """Every entry, each with an address that no other one has."""
    shown = [
        (each, SHOWN, "What the notebooks show", book) for book in books for each in book["errors"]
    ]
    others = [(each, f"errors/{_slug(each['section'])}", each["section"], None) for each in more]
    found, names = [*shown, *others], _names([each for each, *_ in [*shown, *others]])
    return [
        Entry(told, page, section, name, book)
        for (told, page, section, book), name in zip(found, names, strict=True)
    ]


def _names(told: list[dict[str, Any]]) -> list[str]:
    """From the headings; where two are alike, from what tells the entries apart."""
    short = [_slug(heading(each)) for each in told]
    often = Counter(short)
    longer = [
        name if often[name] == 1 else f"{name}-{_slug(each['means'])[:LONGEST]}"
        for name, each in zip(short, told, strict=True)
    ]
    assert len(set(longer)) == len(longer), "two entries have one heading and one meaning"
    return longer


def _slug(text: str) -> str:
    return re.sub(r"-+", "-", slug(text))[:LONGEST].strip("-")


def pages(every: list[Entry]) -> dict[str, str]:
    """Page → its Markdown: the list of all entries, and a page for each section."""
    sections = dict(sorted({each.page: each.section for each in every}.items()))
    made = {
        page: _section(title, [e for e in every if e.page == page])
        for page, title in sections.items()
    }
    return {INDEX: _index(every)} | made


def _index(every: list[Entry]) -> str:
    lines = [
        "# The error dictionary",
        "",
        f"{len(every)} errors: what each means, its causes with the likeliest first, and the fix."
        " In a notebook, `lab.explain()` finds the entry of the last error. By their class:",
        "",
        *(f"- {_link(each)}" for each in _sorted(every)),
    ]
    return "\n".join(lines) + "\n"


def _link(each: Entry) -> str:
    return anchor(_plain(heading(each.told)), f"{relative(INDEX, each.page)}#error-{each.name}")


def _section(title: str, found: list[Entry]) -> str:
    return "\n".join([f"# Errors: {_plain(title)}\n", *(_entry(each) for each in _sorted(found))])


def _sorted(every: list[Entry]) -> list[Entry]:
    return sorted(every, key=lambda each: (heading(each.told).lower(), each.name))


def _entry(each: Entry) -> str:
    told = each.told
    causes = "\n".join(f"{number}. {cause}" for number, cause in enumerate(told["causes"], 1))
    head = f'<span id="error-{each.name}"></span>\n\n## {_plain(heading(told))}'
    parts = [head, told["means"], causes, f"*Fix:* {told['fix']}", _met(each)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _plain(text: str) -> str:
    """A heading's text: but for code, Markdown and HTML take nothing there for their own."""
    return re.sub(r"([\\<>*_\[\]#&|])", r"\\\1", text)


def _met(each: Entry) -> str:
    """Where a notebook shows it, with the cells that do."""
    if each.book is None:
        return ""
    target = relative(each.page, each.book["stem"])
    shown = anchor(f"{each.book['number']} {each.book['title']}", target)
    cells = [
        anchor(f"`{one}`", f"{target}#{cell_anchor(one)}")
        for one in dictionary_page.cells(each.told, each.book)
    ]
    return f"Met in {shown}" + (f", cell {', '.join(cells)}." if cells else ".")
