"""What a notebook's database holds when it starts: plain SQL, one file for a run of notebooks."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seed:
    """SQL, and a name that changes with it."""

    name: str
    sql: str


def seed(number: str) -> Seed:
    """The seed of a notebook; empty where the notebook builds its own tables."""
    path = Path(__file__).parent / f"{number}.sql"
    sql = path.read_text("utf-8") if path.exists() else ""
    return Seed(f"{number}_{hashlib.sha256(sql.encode()).hexdigest()[:8]}", sql)
