"""The error dictionary as a page, and as data what of it stands in no notebook."""

from typing import Any

from workbook.authoring.built import json_text
from workbook.authoring.error_entries import heading

INTRODUCTION = """# The error dictionary

What an error means, its causes with the likeliest first, and the fix. In a notebook,
`lab.explain()` finds the entry of the last error. Made by `./wb build` from `lessons/`; edit it
there.
"""
SHOWN = """## What the notebooks show

Every error that a notebook shows on purpose, by its class.
"""
MORE = """## What else you may meet

What people report of these libraries, and no notebook shows. A test raises each of them.
"""
Entries = list[dict[str, Any]]


def data(more: Entries) -> str:
    """The entries of no notebook, as the material has them."""
    return json_text({"errors": more})


def page(books: Entries, more: Entries) -> str:
    """Every entry of every lesson, by the class of the error; then those of no notebook."""
    entries = [(each, book) for book in books for each in book["errors"]]
    entries.sort(key=lambda pair: (pair[0]["name"].lower(), pair[1]["stem"]))
    shown = [_entry("###", each, _where(each, book)) for each, book in entries]
    sections = list(dict.fromkeys(each["section"] for each in more))
    others = [_section(name, [e for e in more if e["section"] == name]) for name in sections]
    return "\n".join([INTRODUCTION, SHOWN, *shown, MORE, *others]).rstrip("\n") + "\n"


def _section(name: str, entries: Entries) -> str:
    entries = sorted(entries, key=lambda each: heading(each).lower())
    return "\n".join([f"### {name}\n", *(_entry("####", each, "") for each in entries)])


def _entry(level: str, each: dict[str, Any], where: str) -> str:
    causes = "\n".join(f"{number}. {cause}" for number, cause in enumerate(each["causes"], 1))
    parts = [f"{level} {heading(each)}", each["means"], causes, f"*Fix:* {each['fix']}", where]
    return "\n\n".join(filter(None, parts)) + "\n"


def _where(each: dict[str, Any], book: dict[str, Any]) -> str:
    shown = f"[{book['number']} {book['title']}](notebooks/{book['stem']}.ipynb)"
    named = [f"`{cell}`" for cell in cells(each, book)]
    return f"Met in {shown}" + (f", cell {', '.join(named)}." if named else ".")


def cells(entry: dict[str, Any], book: dict[str, Any]) -> list[str]:
    """The ids of the cells of its notebook that show what this entry is about, and no other one."""
    found = [each for each in book["failures"] if _about(each, book["errors"]) == [entry]]
    return [str(each["cell"]) for each in found]


def _about(failure: dict[str, Any], entries: Entries) -> Entries:
    """The entries that may speak of a certified failure, as far as its class and text tell."""
    found = [each for each in entries if failure["raises"] in each["names"]]
    said = [each for each in found if any(_alike(text, failure["says"]) for text in each["says"])]
    return found if len(found) == 1 else said


def _alike(one: str, other: str) -> bool:
    return one in other or other in one
