"""Links as the checkout's texts have them, and as the site needs them.

A link within the site becomes an anchor of HTML, so that it may lead to a cell; whether it leads
anywhere is asked of the finished pages (`workbook.site.checking`).
"""

import posixpath
import re
from dataclasses import dataclass
from html import escape

from workbook.site.edition import Place

PART = re.compile(
    r"(?P<fence>^(`{3,}|~~~)[^\n]*\n.*?^\2[ ]*$)"
    r"|(?P<link>!?\[(?P<words>(?:`[^`\n]*`|[^\[\]`])*)\]"
    r'\((?P<target>[^()\s]+)(?: "(?P<title>[^"]*)")?\))'
    r"|(?P<code>`[^`\n]*`)",
    re.M | re.S,
)
"""What of a Markdown text is a link, and what is code and may look like one."""
OUTSIDE = re.compile(r"[a-z]+:|#")
BOOK = re.compile(r"(?:.*/)?(?P<stem>\d\d_\w+)\.ipynb(?:#cell-id=(?P<cell>[\w-]+))?$")


@dataclass(frozen=True)
class Links:
    """The files of the checkout that have a page here, and where all others are found."""

    pages: dict[str, str]
    """Path in the checkout → page, without its ending: `docs/claims.md` → `claims`."""
    place: Place

    def rewritten(self, text: str, file: str, page: str) -> str:
        """The text of this file of the checkout as the text of this page of the site."""

        def part(found: re.Match[str]) -> str:
            if not found["link"] or OUTSIDE.match(found["target"]) or found["link"][0] == "!":
                return found[0]
            target, title = self._target(found["target"], file, page), found["title"]
            return anchor(found["words"], target, title or "") if target else found["words"]

        return PART.sub(part, text)

    def _target(self, target: str, file: str, page: str) -> str:
        """What the link leads to from this page; empty where the site knows no such place."""
        if book := BOOK.match(target):
            cell = f"#{cell_anchor(book['cell'])}" if book["cell"] else ""
            return relative(page, book["stem"]) + cell
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target.partition("#")[0]))
        known = self.pages.get(path)
        return relative(page, known) if known else self.place.file(path)


def relative(page: str, other: str) -> str:
    """The address of a page as another one writes it; both without an ending."""
    return posixpath.relpath(other, posixpath.dirname(page) or ".") + ".html"


def anchor(words: str, target: str, title: str = "") -> str:
    """A link in HTML; its words may be Markdown."""
    told = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(target)}"{told}>{words}</a>'


def cell_anchor(identity: str) -> str:
    """The name of a cell on its page."""
    return f"cell-{identity}"
