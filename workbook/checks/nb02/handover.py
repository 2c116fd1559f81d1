"""Check of 02.handover: types, a rule under its whole name, a value that PostgreSQL gives."""

import contextlib
from types import SimpleNamespace
from typing import Any

import asyncpg

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.nb02.other_rules import expect_taken
from workbook.checks.nb02.other_words import other_words
from workbook.checks.nb02.schema import create_tables, expect_columns_as_typed
from workbook.checks.verdict import NotYet

_RULE = "ck_handover_kind_known"
_COLUMNS = {"id": "int", "kind": "str", "text": "str", "author": "str | None"}
_INSERT = "INSERT INTO handover (kind, text) VALUES ($1, 'all is quiet')"
_OTHERS = {
    "lunch": "who keeps the rule when Python is not asked?",
    "": "who keeps the rule when Python is not asked?",
    "Night": "are two spellings one kind?",
    "nights": "does the rule compare the whole text, or does it look for a word inside?",
}
"""Texts that are no kind, each with the question that leads to a rule which refuses it."""


async def check(answer: Answer) -> None:
    """Columns as asked, two kinds and no other, night where nobody says, the rule by its name."""
    handover = answer.get()
    models: Any = SimpleNamespace(Base=handover)
    async with own_engine(answer) as engine:
        await create_tables(models, engine)
    await expect_columns_as_typed(answer, "handover", _COLUMNS)
    await _nobody_says(answer, handover)
    await _two_kinds(answer)
    await _rule_has_its_name(answer)
    await expect_taken(answer, "handover", _ROWS)


async def _nobody_says(answer: Answer, handover: Any) -> None:
    """An INSERT that names no kind, of somebody who has none of your Python."""
    what = "an INSERT that does not name the kind, not from your app"
    try:
        await answer.observer.execute("INSERT INTO handover (text) VALUES ('all is quiet')")
    except asyncpg.NotNullViolationError as error:
        python = handover.__table__.c.kind.default is not None
        raise NotYet.looked_at(
            what,
            got=f"it is refused: {error.column_name} is missing",
            wanted="the kind 'night', which PostgreSQL gives",
            ask="which default does PostgreSQL know, and which one only Python?"
            if python
            else "who gives the value where an INSERT does not name the column?",
        ) from None
    except asyncpg.CheckViolationError as error:
        raise NotYet.looked_at(
            what,
            got=f"refused: {str(error).partition(chr(10))[0]}",
            wanted="the kind 'night', which PostgreSQL gives",
            ask="what does your rule list, and what exactly is the value that PostgreSQL gives?",
        ) from None
    kind, author = await answer.observer.fetchrow("SELECT kind, author FROM handover")
    ask = "which of the two kinds is it when nobody says?"
    expect_state(f"the kind, after {what}", kind, "night", ask)
    ask = "who was it where nobody says who it was?"
    expect_state("the author, after an INSERT that does not name one", author, None, ask)
    with contextlib.suppress(asyncpg.NotNullViolationError):
        await answer.observer.execute("INSERT INTO handover (kind) VALUES ('day')")
        raise NotYet.looked_at(
            "an INSERT that does not name the text",
            got="a new row",
            wanted="PostgreSQL refuses it",
            ask="what does the next shift learn from a text that nobody wrote?",
        )


_KINDS = ("day", "night")
_TEXT_OF_RULES = """
SELECT string_agg(pg_get_constraintdef(oid), ' ') FROM pg_constraint
WHERE conrelid = 'handover'::regclass AND contype = 'c'
"""


_ROWS = [
    {"kind": kind, "text": text, "author": author}
    for kind in _KINDS
    for text in ("x", "All is quiet, and nobody is on the phone.\n" * 30)
    for author in (None, "Ada")
]


async def _two_kinds(answer: Answer) -> None:
    for good in _KINDS:
        try:
            await answer.observer.execute(_INSERT, good)
        except asyncpg.PostgresError as error:
            got = f"refused: {str(error).partition(chr(10))[0]}"
            what, ask = f"an INSERT of the kind {good!r}", "which kinds does the rule list?"
            if isinstance(error, asyncpg.UniqueViolationError):
                ask = "may two shifts be of the same kind?"
            raise NotYet.looked_at(what, got=got, wanted="a new row", ask=ask) from None
    rule = await answer.observer.fetchval(_TEXT_OF_RULES) or ""
    for bad, ask in [*_OTHERS.items(), *other_words(_KINDS, rule)]:
        try:
            await answer.observer.execute(_INSERT, bad)
        except asyncpg.PostgresError:
            continue
        what, wanted = f"an INSERT of the kind {bad!r}, not from your app", "PostgreSQL refuses it"
        raise NotYet.looked_at(what, got="a new row", wanted=wanted, ask=ask)


async def _rule_has_its_name(answer: Answer) -> None:
    rows = await answer.observer.fetch(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = 'handover'::regclass AND contype = 'c' ORDER BY 1"
    )
    names = [row[0] for row in rows]
    if _RULE in names:
        return
    doubled = any(name.startswith("ck_handover_ck_") for name in names)
    raise NotYet.looked_at(
        "the check constraints of the table",
        got=", ".join(names) or "there is none: the type of the column refuses other kinds",
        wanted=_RULE,
        ask="what does a naming convention do to a name that is complete already?"
        if doubled
        else "who completes a short name, and does this `Desk` have what the app's `Base` has?",
    )
