"""Nightwatch's data: a few hundred rows, the same every time, enough to see one that is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

TEAMS = ("data", "payments", "platform", "search")
PEOPLE = 24
INCIDENTS = 240
FIRST = datetime(2026, 2, 1, 22, 0, tzinfo=UTC)
NAMES = (
    *("Ada", "Ben", "Chi", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lea"),
    *("Max", "Nia", "Oto", "Pia", "Quy", "Rui", "Sol", "Tao", "Uma", "Val", "Wen", "Yan"),
)
WHAT = (
    "Checkout answers 500", "Queue grows by 900 a minute", "Disk is at 91 %", "Backup did not run",
    "Certificate expires in 2 days", "Card provider is slow", "Index is out of date",
    "Login takes 9 seconds", "Refunds are paid twice", "Nightly report is empty",
)  # fmt: skip
SEVERITIES = ("minor", "major", "minor", "critical", "minor", "major")
STATUSES = ("resolved", "resolved", "acknowledged", "resolved", "open")


def rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table, parents first; ids are given out by the database, in this order from 1."""
    return {
        "team": [{"name": name} for name in TEAMS],
        "user_account": [_user(number) for number in range(PEOPLE)],
        "incident": [_incident(number) for number in range(INCIDENTS)],
    }


def _user(number: int) -> dict[str, Any]:
    name = NAMES[number]
    phone = f"+49 30 5550{number:03}" if number % 3 else None
    team = number * 5 % len(TEAMS) + 1
    return {
        "name": name,
        "email": f"{name.lower()}@nightwatch.test",
        "phone": phone,
        "team_id": team,
    }


def _incident(number: int) -> dict[str, Any]:
    opened = FIRST + timedelta(minutes=number * 173)
    return {
        "team_id": number * 7 % len(TEAMS) + 1,
        "title": f"{WHAT[number * 3 % len(WHAT)]} on host {number % 17 + 1}",
        "severity": SEVERITIES[number % len(SEVERITIES)],
        "status": STATUSES[number % len(STATUSES)],
        "opened_at": opened,
    }


def fill(connection: sa.Connection, metadata: sa.MetaData, *only: str) -> dict[str, int]:
    """Put the rows into those tables of the metadata that are empty; how many each has now.

    `only` names the tables, where it is not all of them.
    """
    counts: dict[str, int] = {}
    for table in metadata.sorted_tables:
        if only and table.name not in only:
            continue
        count = sa.select(sa.func.count()).select_from(table)
        if table.name in rows() and not connection.scalar(count):
            wanted = [
                {k: v for k, v in row.items() if k in table.columns} for row in rows()[table.name]
            ]
            connection.execute(table.insert(), wanted)
        counts[table.name] = connection.scalar(count) or 0
    order = [*rows(), *counts]
    return {name: counts[name] for name in sorted(counts, key=order.index)}
