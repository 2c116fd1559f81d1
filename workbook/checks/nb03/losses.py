"""Check of 03.losses: the lines of a proposal by which rows or values go."""

import inspect
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.answer import Answer, expect, show
from workbook.checks.connections import own_engine
from workbook.checks.verdict import NotYet

Losses = Callable[[Connection, MetaData], Any]

_MORE = """
CREATE TABLE shift_index (id integer PRIMARY KEY);
ALTER TABLE incident ADD COLUMN constraint_pager text,
    ADD CONSTRAINT once UNIQUE (constraint_pager);
CREATE INDEX ix_drop_column ON incident (constraint_pager);
CREATE INDEX ix_drop_table ON incident (title);
ALTER TABLE user_account DROP COLUMN phone;
"""
"""A table and a column more than the models have, and what is no loss: indexes, a rule, a column
that the models have more. The names of what is lost have words of other calls."""
_FOUND = ["op.drop_column('incident', 'constraint_pager')", "op.drop_table('shift_index')"]
_WITH_OTHER_NAMES = """
CREATE TABLE "Shift plan" (id integer PRIMARY KEY);
ALTER TABLE team ADD COLUMN "Phone 2" text;
"""
_ALL_FOUND = sorted([*_FOUND, "op.drop_column('team', 'Phone 2')", "op.drop_table('Shift plan')"])
_OF_NOTHING = [f"op.drop_table('{each}')" for each in ("incident", "team", "user_account")]


async def check(answer: Answer) -> None:
    """Tables and columns that would go, sorted; no index, no rule, and nothing where all agree."""
    losses = answer.get()
    from app import models  # the learner's, once the folder of the check is on the path

    known = models.Base.metadata
    async with own_engine(answer) as engine:
        await _says(engine, losses, known, "whose tables the models describe", [])
        await _says(engine, losses, MetaData(), "with empty metadata", _OF_NOTHING)
        await answer.observer.execute(_MORE)
        state = "with a table, a column, two indexes and a rule that the models lack"
        await _says(engine, losses, known, state, _FOUND)
        await answer.observer.execute(_WITH_OTHER_NAMES)
        state = "with two tables and two columns that the models lack"
        await _says(engine, losses, known, state, _ALL_FOUND)


async def _says(
    engine: AsyncEngine, losses: Losses, metadata: MetaData, state: str, wanted: list[str]
) -> None:
    call = f"losses(connection, metadata), on a database {state}"
    async with engine.connect() as connection:
        got = await connection.run_sync(losses, metadata)
    if inspect.iscoroutine(got):
        got.close()
        ask = "what can `run_sync` call: a `def`, or an `async def` that somebody must await?"
        raise NotYet(call, got="it returned a coroutine", wanted="a list of lines", ask=ask)
    if not isinstance(got, list) or not all(isinstance(each, str) for each in got):
        ask = "is it a list of lines?"
        raise NotYet(call, got=f"it returned {show(got)}", wanted=show(wanted), ask=ask)
    expect(call, got, wanted, _question(got, wanted))


def _question(got: list[str], wanted: list[str]) -> str:
    """The question that leads from these lines to the wanted ones."""
    if sorted(got) == wanted:
        return "in which order do the lines come, and is it the same on each run?"
    if sorted(each.strip() for each in got) == wanted:
        return "what stands before and behind the line that you return?"
    more = [each for each in got if each not in wanted]
    if more and all("ix_drop_" in each for each in more):
        return "does the line make that call, or does a name in it have these words?"
    if any("op.drop_index" in each or "op.drop_constraint" in each for each in more):
        return "which rows or values are gone when an index or a rule goes?"
    if any(each.startswith("#") for each in more):
        return "here are lines without any call: for which line is your condition false?"
    if any("op.add_column" in each or "op.create" in each for each in more):
        return "which calls take something away, and which add?"
    if more and not wanted:
        return "which way does that line lead: is it of the upgrade, or of the downgrade?"
    missing = [each for each in wanted if each not in got]
    if wanted == _ALL_FOUND and not more:
        if got == wanted[: len(got)]:
            return "how many lines may there be?"
        return "which of these names does your condition not expect?"
    if wanted == _FOUND and "op.drop_table('shift_index')" in missing:
        return "which words of that line does your condition read: its call, or a name in it?"
    if wanted and not got:
        return "for which of the offered lines is your condition true?"
    if missing and not more:
        return "by which calls do rows or values go, and which of them did you not look for?"
    return ""
