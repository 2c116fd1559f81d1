"""The rule of 02.incident: which severities PostgreSQL takes, and what its constraint is called."""

from datetime import UTC, datetime, timedelta
from itertools import product

import asyncpg

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb02.other_rules import expect_taken
from workbook.checks.nb02.other_words import other_words
from workbook.checks.verdict import NotYet

CHECK = "ck_incident_severity_known"
INSERT_SEVERITY = "INSERT INTO incident (title, severity, team_id) VALUES ('x', $1, 1)"
_SEVERITIES = ("minor", "major", "critical")


async def _text_of_rules(answer: Answer) -> str:
    rules = await answer.observer.fetch(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'incident'::regclass AND contype = 'c'"
    )
    return " ".join(row[0] for row in rules)


async def question_of_rule(answer: Answer) -> str:
    """The question about a rule that refuses the first of the severities."""
    text = await _text_of_rules(answer)
    if " AND " in text and all(f"'{each}'" in text for each in _SEVERITIES):
        return "can one severity be all of these at once?"
    return "of which column does the rule speak, and which values does it list?"


async def listed_severities(answer: Answer) -> None:
    """NotYet where one of the three is refused."""
    for good in _SEVERITIES:
        try:
            await answer.observer.execute(INSERT_SEVERITY, good)
        except asyncpg.PostgresError as error:
            raise NotYet.looked_at(
                f"an INSERT of the severity {good!r}",
                got=f"refused: {str(error).partition(chr(10))[0]}",
                wanted="a new row",
                ask="which severities does the rule list?",
            ) from None


_OTHER_SEVERITIES = {
    "high": "who keeps the rule when Python is not asked?",
    "": "who keeps the rule when Python is not asked?",
    "Minor": "are two spellings one severity?",
    "minors": "does the rule compare the whole text, or does it look for a word inside?",
    "a major": "does the rule compare the whole text, or does it look for a word inside?",
}
"""Texts that are none, each with the question that leads to a rule which refuses it."""


async def other_severities(answer: Answer) -> None:
    """NotYet where PostgreSQL takes what is none of the three."""
    rule = await _text_of_rules(answer)
    for bad, ask in [*_OTHER_SEVERITIES.items(), *other_words(_SEVERITIES, rule)]:
        try:
            await answer.observer.execute(INSERT_SEVERITY, bad)
        except asyncpg.PostgresError:
            continue
        listed = f"'{bad}'" in rule
        raise NotYet.looked_at(
            f"an INSERT of the severity {bad!r}, not from your app",
            got="a new row",
            wanted="PostgreSQL refuses it",
            ask="which severities does the rule list, and which are wanted?" if listed else ask,
        )


async def check_has_its_name(answer: Answer) -> None:
    """The later notebooks know the rule by the name of its constraint."""
    rows = await answer.observer.fetch(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = 'incident'::regclass AND contype = 'c' ORDER BY 1"
    )
    names = [row[0] for row in rows]
    if CHECK not in names:
        refused = "other severities are refused, by the type of the column: there is no"
        raise NotYet.looked_at(
            "the check constraints of the table",
            got=", ".join(names) or f"{refused} check constraint",
            wanted=CHECK,
            ask="of which short name does the naming convention make that one?" if names else "",
        )


_DEFAULTS = """
SELECT column_name, split_part(column_default, '::', 1) FROM information_schema.columns
WHERE table_name = 'incident' AND column_name IN ('severity', 'status')
"""


async def values_of_nobody(answer: Answer) -> None:
    """Who names no status gets the one of the stub; nobody gets a severity that was not named."""
    defaults = dict(await answer.observer.fetch(_DEFAULTS))
    expect_state(
        "the status that PostgreSQL gives where an INSERT names none",
        defaults.get("status"),
        "'open'",
        "which status had a new incident before you changed the model?",
    )
    expect_state(
        "the severity that PostgreSQL gives where an INSERT names none",
        defaults.get("severity"),
        None,
        "who knows how severe an incident is of which nobody has said it?",
    )


_LONG_AGO = datetime(2001, 2, 3, tzinfo=UTC)
_NEVER_AND_LATER = (None, _LONG_AGO + timedelta(days=3))


async def nothing_else_refused(answer: Answer) -> None:
    """NotYet where a rule that nobody asked for refuses an incident such as the story has."""
    statuses = ("open", "acknowledged", "resolved")
    rows = (
        {
            "title": "Disk is full " * 15 + "again",
            "severity": severity,
            "status": status,
            "team_id": 1,
            "opened_at": _LONG_AGO,
            "changed_at": changed,
        }
        for severity, status, changed in product(_SEVERITIES, statuses, _NEVER_AND_LATER)
    )
    await expect_taken(answer, "incident", rows)
