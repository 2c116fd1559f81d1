"""YAML as data, by the parser in C where PyYAML was built with it: it takes a tenth of the time."""

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAINLY = {
    "expected <block end>": "this line is indented like none of the lines that it belongs to",
    r"found character '\t'": "a tab indents this line; YAML indents with spaces",
    "mapping values are not allowed here": "YAML expects no key here: look at the indentation of"
    " this line, and for a second `: ` in it",
    "could not find expected ':'": "the line before this one has no `:` after its key",
}
"""How a complaint of the parser begins, and what it means for whoever wrote the line."""


def load(text: str) -> Any:
    """The document as data; yaml.YAMLError where there is none, worded the same on any machine."""
    try:
        return yaml.load(text, LOADER)
    except (yaml.YAMLError, ValueError):
        return _slowly(text)


def plainly(problem: str) -> str:
    """What a complaint of the parser means; a rare one as it is."""
    return next((said for began, said in PLAINLY.items() if problem.startswith(began)), problem)


def _slowly(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except ValueError as error:  # 2026-13-45 looks like a date
        raise yaml.YAMLError(str(error)) from None
