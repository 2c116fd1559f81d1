"""What a notebook's database holds when it starts: plain SQL, one file for a run of notebooks.

A file may say that it begins with all of another one; then it holds only what follows.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from workbook.postgres.databases import STATEMENT_SEPARATOR

FIRST = "03"
"""From here on a notebook starts with what the ones before it built."""
FOLDER = Path(__file__).parent
_HEAD = re.compile(r"-- Made by .*\n(?:-- Begins with all of (\d\d)\.sql\.\n)?")


@dataclass(frozen=True)
class Seed:
    """SQL, and a name that changes with it."""

    name: str
    sql: str


def seed(number: str) -> Seed:
    """The last seed up to a notebook; empty where the notebook builds its own tables."""
    first = FIRST if number >= FIRST else number
    found = [p for p in FOLDER.glob("*.sql") if first <= p.stem <= number]
    last = max(found, default=None)
    sql = statements(last) if last else ""
    digest = hashlib.sha256(sql.encode()).hexdigest()[:8]
    return Seed(f"{_last_change(last) if last else number}_{digest}", sql)


def statements(path: Path) -> str:
    """All statements of a seed, with those of the files that it begins with."""
    base, rest = _parts(path)
    return join(statements(base), rest) if base else rest


def join(*parts: str) -> str:
    """One seed of these parts, of which some may be empty."""
    return STATEMENT_SEPARATOR.join(part for part in parts if part)


def _last_change(path: Path) -> str:
    """The number of the last seed that adds something, up to this one."""
    base, rest = _parts(path)
    return path.stem if rest or not base else _last_change(base)


def _parts(path: Path) -> tuple[Path | None, str]:
    """The file that this one begins with, and what follows in this one."""
    text = path.read_text("utf-8")
    head = _HEAD.match(text)
    base = path.with_name(f"{head[1]}.sql") if head and head[1] else None
    return base, text[head.end() if head else 0 :].strip()
