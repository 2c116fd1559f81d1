"""How PostgreSQL runs a query, as data that a sentence can be held to, and drawn.

A **block** is what PostgreSQL reads at once, 8 kB. How many a plan reads, from memory or from disk
together, is the same in each run on the same data; milliseconds are not, nor is which of the two.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.sql import ClauseElement, Executable
from sqlalchemy.sql.compiler import SQLCompiler

from workbook.base.problem import Problem

SECONDS = 30
"""How long the query may run."""
_ALONE = """
SELECT set_config('app.team', $1, true), set_config('jit', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""
"""One process does all of it: who else has a processor to spare does not change the plan."""


@dataclass(frozen=True)
class Node:
    """One step of a plan, with the steps that give it their rows."""

    kind: str
    """PostgreSQL's word for it: `Seq Scan`, `Index Scan`, `Sort` …"""
    table: str
    """Which table it reads, empty where it reads other steps."""
    index: str
    """By which index, empty where by none."""
    rows: int
    """How many rows it gave, in all of its rounds."""
    believed: int
    """How many PostgreSQL thought it would give, in each round."""
    rounds: int
    thrown_away: int
    """Rows that were read, and did not meet the condition."""
    parts: tuple["Node", ...] = ()

    def steps(self) -> Iterator["Node"]:
        """This one, and all below it."""
        yield self
        for part in self.parts:
            yield from part.steps()

    def __str__(self) -> str:
        """In a line: what, of which table, by which index, and how many rows."""
        where = f" of {self.table}" * bool(self.table) + f" by {self.index}" * bool(self.index)
        thrown_away = f", {self.thrown_away:,} thrown away" * bool(self.thrown_away)
        return f"{self.kind}{where}: {_rows(self.rows)}{thrown_away}"


@dataclass(frozen=True)
class Plan:
    """What a query did: its steps, the blocks that they read, and what its triggers cost."""

    root: Node
    blocks: int
    """Of 8 kB, read from memory or from disk; those of triggers are not among them."""
    milliseconds: float
    triggers: dict[str, float]
    """By the name of a constraint: the milliseconds that it took."""

    @property
    def kinds(self) -> list[str]:
        """The words for its steps, from the top."""
        return [each.kind for each in self.root.steps()]

    @property
    def indexes(self) -> list[str]:
        """The indexes that it goes by."""
        return [each.index for each in self.root.steps() if each.index]

    @property
    def tables(self) -> list[str]:
        """The tables that it reads, from the top; partitions by their own names."""
        return [each.table for each in self.root.steps() if each.table]

    @property
    def rows(self) -> int:
        """How many rows it gave."""
        return self.root.rows

    def __repr__(self) -> str:
        """Its steps, indented, and below them what it took."""
        return "\n".join([*_lines(self.root), self._taken()])

    def _taken(self) -> str:
        told = f"≈ {self.blocks:,} blocks, ≈ {self.milliseconds:,.1f} ms"
        shares = [f"≈ {ms:,.1f} of them in {name}" for name, ms in self.triggers.items()]
        return ", ".join([told, *shares])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The drawing: rows flow from below to the top."""
        drawn = "\n".join(["flowchart BT", *_drawn(self.root), f'    taken["{self._taken()}"]'])
        return {"text/vnd.mermaid": f"{drawn}\n    s0 --> taken", "text/plain": repr(self)}


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"


def _lines(node: Node, depth: int = 0) -> Iterator[str]:
    yield "    " * max(depth - 1, 0) + "└── " * bool(depth) + str(node)
    for part in node.parts:
        yield from _lines(part, depth + 1)


def _drawn(root: Node) -> Iterator[str]:
    names = {id(node): f"s{number}" for number, node in enumerate(root.steps())}
    for node in root.steps():
        what = "<br>".join(filter(None, [node.kind, node.table, node.index]))
        yield f'    {names[id(node)]}["{_label(what)}"]'
        for part in node.parts:
            yield f"    {names[id(part)]} -->|{_rows(part.rows)}| {names[id(node)]}"


def _label(text: str) -> str:
    return "<br>".join(re.sub(r'"', "'", escape(part)) for part in text.split("<br>"))


async def explain(url: str, query: str | ClauseElement, values: Sequence[Any], team: int) -> Plan:
    """Run this query in a transaction of its own, held to a team, and undo what it did.

    `query` is SQL with its `values`, or a query of SQLAlchemy's. Raises what PostgreSQL raises, and
    Problem where the query cannot be explained.
    """
    if isinstance(query, ClauseElement):
        query, values = _as_sql(query)
    connection = await asyncpg.connect(url, timeout=5, command_timeout=SECONDS)
    transaction = connection.transaction()
    try:
        await transaction.start()
        await connection.execute("SELECT 1")
        await connection.fetch(_ALONE, str(team or ""))
        found = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", *values
        )
        await transaction.rollback()
    finally:
        await connection.close(timeout=5)
    return read(json.loads(found)[0])


def _as_sql(query: ClauseElement) -> tuple[str, Sequence[Any]]:
    dialect = dialects.dialect()  # type: ignore[no-untyped-call, unused-ignore]
    made = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    if not isinstance(made, SQLCompiler) or not isinstance(query, Executable):
        raise Problem("This is no whole query. Give one that could be executed: `select(…)`.")
    return str(made), [made.params[name] for name in made.positiontup or ()]


def read(explained: dict[str, Any]) -> Plan:
    """The plan that this JSON of PostgreSQL's describes."""
    top = explained["Plan"]
    blocks = top.get("Shared Hit Blocks", 0) + top.get("Shared Read Blocks", 0)
    triggers = {
        each.get("Constraint Name", each["Trigger Name"]): float(each["Time"])
        for each in explained.get("Triggers", [])
    }
    return Plan(_node(top), blocks, explained["Execution Time"], triggers)


def _node(plan: dict[str, Any]) -> Node:
    rounds = int(plan["Actual Loops"])
    back = " Backward" if plan.get("Scan Direction") == "Backward" else ""
    thrown_away = sum(plan.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Join Filter"))
    return Node(
        kind=plan["Node Type"] + back,
        table=plan.get("Relation Name", ""),
        index=plan.get("Index Name", ""),
        rows=round(plan["Actual Rows"] * rounds),
        believed=int(plan["Plan Rows"]),
        rounds=rounds,
        thrown_away=round(thrown_away * rounds),
        parts=tuple(_node(each) for each in plan.get("Plans", [])),
    )
