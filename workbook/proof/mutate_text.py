"""Mutants of a solution that is not Python: a line, a key or an element is missing."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import yaml

from workbook.base import yamls

Way = tuple[str | int, ...]


def blocks(source: str) -> Iterator[tuple[str, str]]:
    """Without each key, and each element of a list, of the services."""
    whole = yamls.load(source)
    for way in _ways(whole["services"]):
        mutant = copy.deepcopy(whole)
        place = mutant["services"]
        for step in way[:-1]:
            place = place[step]
        del place[way[-1]]
        yield f"without {'.'.join(map(str, way))}", yaml.safe_dump(mutant, sort_keys=False)


def _ways(value: Any, before: Way = ()) -> Iterator[Way]:
    """How to come to each key and element, from the second level on."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        way = (*before, key)
        if before:
            yield way
        if isinstance(inner, dict | list):
            yield from _ways(inner, way)


def lines(source: str) -> Iterator[tuple[str, str]]:
    """Without each instruction; and with each exec form as a line for the shell."""
    every = source.splitlines()
    for number, line in enumerate(every):
        if line.strip() and not line.startswith("#"):
            yield f"without {line}", "\n".join(every[:number] + every[number + 1 :]) + "\n"
        kind, _, rest = line.partition(" ")
        if rest.startswith("["):
            changed = f"{kind} {' '.join(json.loads(rest))}"
            yield f"by a shell: {line}", "\n".join([*every[:number], changed, *every[number + 1 :]])
