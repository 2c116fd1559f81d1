"""What was seen of the turns while four upgrades were held up, and which mistake that is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WHO_IS_REFUSED = "what does the one do whose question is answered with false?"
_FUNCTION = re.compile(r"pg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?", re.IGNORECASE)


def lock_functions(statement: str) -> set[str]:
    """The functions of advisory locks that a statement calls."""
    return {each.lower() for each in _FUNCTION.findall(statement)}


@dataclass
class TurnEvidence:
    """What the sessions of the four did, from first to last."""

    functions: set[str] = field(default_factory=set)
    """The functions of advisory locks in what was sent."""
    numbers: set[str] = field(default_factory=set)
    """The advisory locks that somebody held."""
    holders: set[int] = field(default_factory=set)
    """Who held one, as it was seen last."""
    migrates_itself: bool = False
    """Whether who held a lock was at work on the schema, on the same connection."""
    shared: bool = False
    """Whether a lock was one that several may hold."""
    asks_in_transaction: bool = False
    """Whether somebody had asked for a lock and stayed in that transaction."""
    waits_inside: bool = False
    """Whether somebody waited inside a statement for an advisory lock."""
    waiting: int = 0
    """How many wait for some lock now."""
    crowd: int = 0
    """How many have begun, and wait for the schema now."""

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take in what `sessions.sql` gives."""
        sessions = {row["pid"]: row for row in rows}
        self.waiting = sum(row["waits"] for row in sessions.values())
        self.crowd = sum(row["for_schema"] for row in sessions.values())
        self.holders = {row["pid"] for row in sessions.values() if row["granted"]}
        for row in sessions.values():
            self._of_session(row)

    def _of_session(self, row: Mapping[str, Any]) -> None:
        asked = lock_functions(row["query"])
        self.functions |= asked
        self.asks_in_transaction |= bool(asked) and row["in_transaction"]
        if not row["number"]:
            return
        self.shared |= row["shared"]
        self.waits_inside |= not row["granted"]
        self.migrates_itself |= row["granted"] and row["for_schema"]
        self.numbers |= {row["number"]} if row["granted"] else set()

    def any_lock(self) -> bool:
        """Whether an advisory lock was asked for at all."""
        return bool(self.functions or self.numbers or self.waits_inside)

    def mistake(self) -> tuple[str, str]:
        """What was seen of the turns, and the question about it; ("", "") where that is unclear."""
        found = next((told for seen, *told in self._mistakes() if seen), ["", ""])
        return found[0], found[1]

    def _mistakes(self) -> Iterable[tuple[bool, str, str]]:
        """The mistakes, those that explain others first."""
        xact = any("xact" in each for each in self.functions)
        return (
            (not self.any_lock(), "nobody asked for an advisory lock",
             "what makes the second one wait until the first has ended?"),
            (self.shared, "the locks were shared ones",
             "how many sessions may hold a shared lock at the same time?"),
            (self.migrates_itself, "who held the lock migrated on the same connection",
             "what of the turn is left when `autocommit_block` ends the transaction, and whose"
             " transaction is Alembic given?"),
            (xact and not self.holders, "the lock was one of a transaction",
             "when does the transaction end that asked for the lock?"),
            (len(self.numbers) > 1, f"they held {len(self.numbers)} different locks",
             "do all of them ask for the same number?"),
            (self.waits_inside, "somebody waited inside `pg_advisory_lock`",
             "what does a statement keep while it waits, and what does a concurrent index"
             " wait for?"),
            (self.asks_in_transaction, "who had asked for the lock stayed in a transaction",
             "what does that transaction keep while it asks again, and what does a concurrent index"
             " wait for?"),
            (len(self.holders) == 1 and self.crowd > 1, "one held the lock, and others began too",
             WHO_IS_REFUSED),
            (not self.holders and self.crowd > 0, "nobody held the lock when the work began",
             "from when until when does the session hold the lock?"),
            (bool(self.holders) and not self.crowd, "who held the lock had not begun",
             "which answer of `pg_try_advisory_lock` ends the loop?"),
        )  # fmt: skip
