"""The checkout's own texts as pages: the way in, the house, the claims, the glossary, settings."""

import re
from collections.abc import Iterator

from workbook.authoring import glossary
from workbook.base import paths
from workbook.site.edition import Edition
from workbook.site.links import Links, anchor, cell_anchor, relative

PAGES = {
    "README.md": "index",
    "CONTRIBUTING.md": "house",
    "docs/claims.md": "claims",
    "docs/settings.md": "settings",
    "GLOSSARY.md": "glossary",
    "ERRORS.md": "errors/index",
    "CHANGELOG.md": "changelog",
    "CODE_OF_CONDUCT.md": "conduct",
}
"""Path in the checkout → page."""
CUT = "## How a notebook talks to you"
"""Before this heading the README says what the workbook is; from there on, how it is used."""
SHOWN_BY = re.compile(r"\]\(\.\./solutions/(\d\d_\w+)\.ipynb\)((?: `[0-9a-f-]+`,?)+)")
TERM = re.compile(r"^- \*\*(.+?)\*\*: (.*) \(\[(\d\d)\]\((.+?)\)\)$", re.M)


def instructors() -> dict[str, str]:
    """The pages of the instructors' edition alone: path in the checkout → page."""
    found = sorted((paths.ROOT / "instructor").glob("[0-9]*.md"))
    notes = {f"instructor/{path.name}": f"teach/{path.stem}" for path in found}
    return {"instructor/README.md": "teach/index"} | notes


def known(edition: Edition) -> dict[str, str]:
    """What a link of the checkout leads to here: path → page."""
    return PAGES | (instructors() if edition is Edition.INSTRUCTOR else {})


def pages(edition: Edition, links: Links) -> dict[str, str]:
    """Page → its Markdown."""
    readme = _text("README.md")
    first, rest = readme.split(CUT, 1)
    using = links.rewritten(f"# Using the workbook\n\n{CUT}{rest}", "README.md", "using")
    found = dict(_plain(edition, links))
    return found | {
        "index": links.rewritten(first, "README.md", "index"),
        "using": using,
        "claims": links.rewritten(_with_cells(_text("docs/claims.md")), "docs/claims.md", "claims"),
        "glossary": _glossary(),
    }


def _plain(edition: Edition, links: Links) -> Iterator[tuple[str, str]]:
    apart = ("index", "claims", "glossary", "errors/index")
    for path, page in known(edition).items():
        if page not in apart:
            yield page, links.rewritten(_text(path), path, page)


def _with_cells(text: str) -> str:
    """Each cell that a claim names, as a link to it."""

    def cells(found: re.Match[str]) -> str:
        page = f"{found[1]}.html"
        named = re.sub(
            r"`([0-9a-f-]+)`",
            lambda one: anchor(one[0], f"{page}#{cell_anchor(one[1])}"),
            found[2],
        )
        return f"](../solutions/{found[1]}.ipynb){named}"

    return SHOWN_BY.sub(cells, text)


def _glossary() -> str:
    """Every term with a place of its own, and a link to the cell that explains it."""
    lines = ["# Glossary", "", "Every term of the notebooks, and the cell that explains it.", ""]
    found = glossary.places(paths.ROOT / "lessons")
    for place in sorted(found, key=lambda each: each.term.term.lower()):
        target = f"{relative('glossary', place.stem)}#{cell_anchor(place.cell)}"
        name = re.sub(r"\W+", "-", place.term.term.lower()).strip("-")
        shown = f'<span id="term-{name}"></span>**{place.term.term}**'
        lines += [f"- {shown}: {place.term.means} ({anchor(place.term.lesson, target)})"]
    return "\n".join(lines) + "\n"


def _text(path: str) -> str:
    return (paths.ROOT / path).read_text("utf-8")
