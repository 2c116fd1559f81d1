"""What a notebook's database holds when it starts: plain SQL, one file for a run of notebooks."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FIRST = "03"
"""From here on a notebook starts with what the ones before it built."""


@dataclass(frozen=True)
class Seed:
    """SQL, and a name that changes with it."""

    name: str
    sql: str


def seed(number: str) -> Seed:
    """The last seed up to a notebook; empty where the notebook builds its own tables."""
    first = FIRST if number >= FIRST else number
    found = [p for p in Path(__file__).parent.glob("*.sql") if first <= p.stem <= number]
    last = max(found, default=None)
    sql = last.read_text("utf-8") if last else ""
    return Seed(
        f"{last.stem if last else number}_{hashlib.sha256(sql.encode()).hexdigest()[:8]}", sql
    )
