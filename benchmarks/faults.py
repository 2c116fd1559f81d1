"""The reference app and the usual recipe through the same faults: what each client would see.

`python benchmarks/faults.py [ROW ...]` runs every row, or those that are named by their number. The
two apps, one uvicorn process each, get fresh databases for each row, on a PostgreSQL of their own,
which it breaks. It prints a table, with the seconds that each row took, four or five minutes in
all, and is 1 where the reference app misses a goal, with a sentence that says how, by
which figure and limit, and how late the machine itself was meanwhile. The load of rows
1 to 3, 11 and 12 is 12 clients with 100 requests a second; a client that gets a 503 with
Retry-After sends the same request again, and where a 503 says that nobody knows whether it counts,
it looks.
"""

import asyncio
import signal
import sys
import textwrap
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic

from benchmarks import (
    rows_load,
    rows_network,
    rows_requests,
    rows_schema,
    rows_server,
    rows_tenancy,
    rows_worker,
)
from benchmarks.victims import Place, Seen, place


@dataclass(frozen=True)
class Row:
    """One fault, and what the reference app must make of it."""

    fault: str
    goal: str
    run: Callable[[Place], Awaitable[list[Seen]]]


ROWS = {
    "1": Row("all backends terminated, 3 times", "0 failed, 0 lost", rows_load.terminated),
    "2": Row("restart, fast", "0 failed, 0 lost", rows_load.restarted_fast),
    "3": Row("restart, immediate", "0 failed, 0 lost", rows_load.restarted_immediate),
    "4": Row("COMMIT fails, 20 POSTs", "409", rows_requests.commit_fails),
    "5": Row("GET right after a 201, COMMIT takes 10 ms", "no 404", rows_requests.read_own_write),
    "6": Row("20 simultaneous POSTs of one email, 5 times", "95 × 409", rows_requests.one_email),
    "7": Row(
        "100 requests in 1 s, blocked for 3 s",
        "201, 200, or 503 with Retry-After within 2 s; the other endpoint is quick",
        rows_requests.flood,
    ),
    "8": Row("SIGTERM with a 40 s query running", "out within 10 s", rows_requests.told_to_end),
    "9": Row(
        "database away for 6 s at start",
        "waits, then 503 with Retry-After; 200 at once",
        rows_requests.away_at_start,
    ),
    "10": Row("two `upgrade head` at once", "0 crash", rows_schema.two_upgrades),
    "11": Row("ALTER behind a 4 s transaction", "0 failed reads", rows_schema.alter_waits),
    "12": Row("ALTER … TYPE under load, twice", "0 failed, 0 lost", rows_load.type_changed),
    "13": Row(
        "COMMIT without a reply: cut",
        "503 that says look, within 3 s, each row once",
        rows_network.commit_cut,
    ),
    "14": Row(
        "COMMIT without a reply: stalled",
        "503 that says look, within 6 s, each row once",
        rows_network.commit_stalled,
    ),
    "15": Row(
        "a network that fell silent",
        "an answer within 6 s; 200 for all who come again when asked, within 10 s",
        rows_network.silent,
    ),
    "16": Row(
        "no slot for a connection is free", "503 with Retry-After, then 200", rows_server.no_slot
    ),
    "17": Row(
        "a server that became read-only", "503 with Retry-After, then 201", rows_server.read_only
    ),
    "18": Row("12 requests wait for one row", "ready within 1.5 s", rows_server.hot_row),
    "19": Row(
        "10,000 mixed requests of two teams over one pool (the recipe: 600)",
        "0 rows of another team",
        rows_tenancy.both_teams,
    ),
    "20": Row(
        "a worker killed with a page in hand, 5 times",
        "each page goes out, and once more for each worker that died",
        rows_worker.worker_dies,
    ),
    "21": Row("two workers, one queue of 60 pages", "no page twice", rows_worker.two_workers),
}
TICK = 0.02
"""Seconds between two looks at how late the machine is."""
WIDTHS = (22, 34, 34, 24, 5)
RULE = "-|-".join("-" * width for width in WIDTHS)


def line(*cells: str) -> str:
    """One row of the table; a cell that is too long goes on below."""
    columns = [textwrap.wrap(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)]
    height = max(map(len, columns))
    padded = [column + [""] * (height - len(column)) for column in columns]
    return "\n".join(
        " | ".join(text.ljust(width) for text, width in zip(texts, WIDTHS, strict=True)).rstrip()
        for texts in zip(*padded, strict=True)
    )


async def _late(found: list[float]) -> None:
    """Note how late each of many short sleeps here ends: what the machine adds to every figure."""
    while True:
        asked = monotonic()
        await asyncio.sleep(TICK)
        found.append(monotonic() - asked - TICK)


async def _beside_a_clock(row: Row, where: Place) -> list[Seen]:
    """Run the row; where its goal is missed, say how late the machine was meanwhile."""
    found: list[float] = [0.0]
    clock = asyncio.create_task(_late(found))
    try:
        recipe, ours = await row.run(where)
    finally:
        clock.cancel()
    machine = f"meanwhile the machine woke this program up to {1000 * max(found):.0f} ms late"
    return [recipe, replace(ours, miss=ours.miss and f"{ours.miss}; {machine}")]


def run(name: str, where: Place) -> str:
    """Print one line of the table; return how the reference app missed its goal, if it did."""
    row, began = ROWS[name], monotonic()
    try:
        recipe, ours = asyncio.run(_beside_a_clock(row, where))
    except Exception as error:  # whatever breaks a row, the others run
        traceback.print_exc()
        recipe, ours = Seen("-"), Seen("-", f"it did not run: {type(error).__name__}: {error}")
    held = "NO" if ours.miss else "yes"
    fault = f"{name} {row.fault} ({monotonic() - began:.0f} s)"
    text = line(fault, recipe.words, ours.words, row.goal, held)
    print(RULE, text, sep="\n", flush=True)
    return ours.miss


def main() -> int:
    """Print the table; 1 where the reference app missed a goal."""
    names = sys.argv[1:] or list(ROWS)
    if unknown := set(names) - set(ROWS):
        print(f"There is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with place() as where:
            print(line("fault", "recipe", "reference app", "goal", "held?"))
            seen = {name: run(name, where) for name in names}
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    missed = {name: miss for name, miss in seen.items() if miss}
    for name, miss in missed.items():
        print(f"\nThe reference app missed row {name}: {miss}.")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
