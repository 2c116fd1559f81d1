"""Entries of the error dictionary, as `{error}` fences: in the lessons, and in `errors.md`.

The line of the fence names the class, and behind commas other classes of the same fact. Its YAML
has `means`, `causes` and `fix`, and what an error is recognised by, at least one of `says` (a part
of the message), `sqlstate`, `where` (a function or a module in the traceback; behind `ends in`, of
its last frame) and `sql` (what the statement shows, as `dictionary/statements.py` names it), each a
text or a list of which one suffices. `title` is for the heading; without it the first `says`
stands there.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from workbook.authoring.lesson import Fence
from workbook.base import yamls
from workbook.base.problem import Problem
from workbook.dictionary.statements import FORMS

EVIDENCE = ("says", "sqlstate", "where", "sql")
TEXTS = ("means", "fix")
KEYS = {"title", *EVIDENCE, *TEXTS, "causes"}
CLASS = re.compile(r"[A-Za-z_]\w*$")
SQLSTATE = re.compile(r"[0-9A-Z]{5}$")
FENCE = re.compile(r"^```\{error\}[ ]*(.*)\n((?:(?!```).*\n)*)^```[ ]*$", re.M)
SECTION = re.compile(r"^## (.+)$", re.M)
QUOTES = "put quotes around it, or YAML reads another thing than text"
MORE = "errors.md"
"""The entries that no notebook shows, beside the lessons."""


def parsed(fence: Fence) -> dict[str, Any]:
    """The parts of a fence; Problem with a sentence for the author where they are none."""
    body = _body(fence)
    names = [each.strip() for each in fence.about.split(",")]
    for fault in (*_faults(names, body), *_cut_off(fence.text, body)):
        raise Problem(f"the {{error}} {fence.about!r}: {fault}")
    seen = {key: _listed(body.get(key, [])) for key in EVIDENCE if key != "sql" or key in body}
    said = {key: body[key] for key in (*TEXTS, "causes")}
    title = body.get("title") or next(iter(seen["says"] + seen["sqlstate"]), "")
    return {"name": names[0], "names": names, "title": title, **seen, **said}


def _body(fence: Fence) -> dict[str, Any]:
    try:
        body = yamls.load(fence.text)
    except yaml.YAMLError as error:
        raise Problem(f"the {{error}} {fence.about!r} is no YAML: {error}") from error
    body = body if isinstance(body, dict) else {}
    if missing := {"causes", *TEXTS} - set(body):
        raise Problem(f"The error entry {fence.about} lacks {', '.join(sorted(missing))}.")
    return body


def claims_all(entry: dict[str, Any]) -> bool:
    """Whether nothing but its class tells when the entry is meant."""
    return not any(entry.get(key) for key in EVIDENCE)


def heading(entry: dict[str, Any]) -> str:
    """What the entry is called on the page of the dictionary, where a link can name it."""
    return f"{entry['name']}: {entry['title']}" if entry["title"] else str(entry["name"])


def anchor(text: str) -> str:
    """The address of a heading on its page, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def more(folder: Path) -> list[dict[str, Any]]:
    """The entries that no notebook shows, each with its section of `errors.md`."""
    text = (folder / MORE).read_text("utf-8")
    try:
        return [dict(each) for each in _read(text)]
    except Problem as problem:
        raise Problem(f"{MORE}: {problem}") from None


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[dict[str, Any], ...]:
    """Once for each text: it has hundreds of entries, and a comparison asks again and again."""
    return tuple(_entries(text))


def _entries(text: str) -> Iterator[dict[str, Any]]:
    """Each entry under the last heading before it."""
    headings = [(found.start(), found[1]) for found in SECTION.finditer(text)]
    for found in FENCE.finditer(text):
        section = next((title for at, title in reversed(headings) if at < found.start()), "")
        fence = Fence("error", found[1].strip(), found[2], section)
        yield parsed(fence) | {"section": section}


def _faults(names: list[str], body: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name!r} is no name of a class." for name in names if not CLASS.match(name))
    for key in body.keys() - KEYS:
        yield f"there is no {key!r} in an entry; there are: {', '.join(sorted(KEYS))}."
    for key in (*TEXTS, "title"):
        if not isinstance(body.get(key, ""), str):
            yield f"its {key!r} is {body[key]!r} and no text; {QUOTES}."
    if not isinstance(body["causes"], list) or not body["causes"]:
        yield f"its 'causes' are {body['causes']!r} and no list."
    for key in ("causes", *EVIDENCE):
        for each in _listed(body.get(key, [])):
            if not isinstance(each, str) or not each:
                yield f"in its {key!r} {each!r} is no text; {QUOTES}."
    for code in _listed(body.get("sqlstate", [])):
        if not SQLSTATE.match(str(code)):
            yield f"{code!r} is no SQLSTATE: five digits or capitals."
    for form in _listed(body.get("sql", [])):
        if form not in FORMS:
            yield f"a statement shows no {form!r}; there are: {', '.join(FORMS)}."


def _cut_off(text: str, body: dict[str, Any]) -> Iterator[str]:
    """What YAML took for a comment."""
    kept = str([each for value in body.values() for each in _listed(value)])
    if text.count(" #") != kept.count(" #"):
        yield f"a # behind a blank begins a comment; {QUOTES}."


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
