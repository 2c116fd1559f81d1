"""What a checker gets: the learner's answer, loaded, and a second connection that looks at it."""

import ast
import asyncio
import importlib
import inspect
import re
import warnings
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import asyncpg

from workbook.checks import busy, unawaited
from workbook.checks.verdict import NotYet

_CHANGE_IN_PLACE = {"append", "clear", "extend", "insert", "reverse", "sort", "update"}
"""Methods of lists and dictionaries that change their object, and give None."""


@dataclass
class Answer:
    """One answer in a fresh process, with a fresh database of its own."""

    url: str
    """The database of this check, as `postgresql://…`."""
    module: str
    """The module that holds the names the learner wrote."""
    names: tuple[str, ...]
    observer_url: str
    """The same database, as the observer logs in."""
    observer: "asyncpg.Connection"
    """A second connection: it sees what is committed, and nothing else."""
    complaints: list[warnings.WarningMessage] = field(default_factory=list)
    """What Python warned about while the answer ran; forgotten objects end up here."""
    workspace: str = ""
    """The folder that holds the learner's files."""

    def load(self) -> ModuleType:
        """Import the module that the learner wrote."""
        return importlib.import_module(self.module)

    def get(self, name: str = "") -> Any:
        """The thing the learner wrote, by its name; NotYet when it is not there."""
        wanted = name or self.names[0]
        try:
            return getattr(self.load(), wanted)
        except AttributeError:
            raise NotYet(
                f"{self.module}.{wanted}",
                got=f"there is no {wanted!r}",
                wanted=f"a definition of {wanted!r}",
                ask="did the name change on the way?",
            ) from None

    def never_awaited(self) -> str:
        """Each call of the learner's that was never awaited so far, with its line; else empty."""
        unawaited.collect(self.complaints)
        return unawaited.calls(self.complaints, self.workspace)

    def source(self) -> str:
        """The text of the learner's module.

        Only for what to say of an answer whose behaviour was looked at.
        """
        return inspect.getsource(self.load())

    def called(self) -> set[str]:
        """The names of what the text calls: `commit` of `session.commit()`."""
        functions = [e.func for e in ast.walk(ast.parse(self.source())) if isinstance(e, ast.Call)]
        names = [each.id for each in functions if isinstance(each, ast.Name)]
        return {*names, *(each.attr for each in functions if isinstance(each, ast.Attribute))}

    def ask_of_none(self) -> str:
        """The question that leads from a None that came back to the line which gives it."""
        for each in ast.walk(ast.parse(self.source())):
            given = each.value if isinstance(each, ast.Return | ast.Assign) else None
            call = given.func if isinstance(given, ast.Call) else None
            if isinstance(call, ast.Attribute) and call.attr in _CHANGE_IN_PLACE:
                return f"what does `.{call.attr}(…)` give back: what it has changed, or nothing?"
        return "what does a function give that ends without `return`?"

    def returns_in_finally(self) -> bool:
        """Whether a `return` stands in a `finally`: it replaces what was on its way."""
        tries = [each for each in ast.walk(ast.parse(self.source())) if isinstance(each, ast.Try)]
        last = [line for each in tries for line in each.finalbody]
        return any(isinstance(part, ast.Return) for line in last for part in ast.walk(line))

    def raises_in_except(self) -> bool:
        """Whether an `except` gives on what it has caught."""
        caught = [e for e in ast.walk(ast.parse(self.source())) if isinstance(e, ast.ExceptHandler)]
        return any(isinstance(part, ast.Raise) for each in caught for part in ast.walk(each))

    def catches_around(self, name: str) -> bool:
        """Whether a call of this name stands in a `try` that catches something."""
        tries = [each for each in ast.walk(ast.parse(self.source())) if isinstance(each, ast.Try)]
        tried = [line for each in tries if each.handlers for line in each.body]
        called = [e.func for line in tried for e in ast.walk(line) if isinstance(e, ast.Call)]
        return any(name in (getattr(e, "attr", ""), getattr(e, "id", "")) for e in called)

    async def sessions(self, state: str = "") -> int:
        """How many other connections this database has now, in one state or in any."""
        count: int = await self.observer.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            " AND ($1 = '' OR state LIKE $1 || '%')",
            state,
        )
        return count

    async def clear(self) -> None:
        """Make the schema anew, with nothing in it, for its owner."""
        owner = await self.observer.fetchval(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        )
        await self.observer.execute(
            f"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {owner}"
        )

    async def left_open(self) -> int:
        """Connections that nobody closed: still there, or thrown away without a word.

        A backend gets a second to leave after its client has closed.
        """
        unawaited.collect(self.complaints)
        await asyncio.sleep(0)
        if forgotten := sum("unclosed connection" in str(c.message) for c in self.complaints):
            return forgotten
        if await busy.eventually(self._is_alone, timeout=1, interval=0.01):
            return 0
        return await self.sessions()

    async def _is_alone(self) -> bool:
        return not await self.sessions()


def plain(text: str) -> str:
    """The text without addresses, and without the folder that a check ran in."""
    return re.sub(r" at 0x[0-9a-f]+|/\S*nightwatch-check-[^/]*/", "", text)


def show(value: object, limit: int = 200) -> str:
    """A repr without addresses, cut to a readable length."""
    text = plain(repr(value))
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Raised(str):
    """What came of a call that returned nothing: the error that it raised, in a line."""

    def __repr__(self) -> str:
        """The line as it is: it is a text of the check's, and no value of the answer's."""
        return str(self)


def outcome_of(got: object) -> str:
    """What came of a call, as a sentence."""
    return f"it {'raised' if isinstance(got, Raised) else 'returned'} {show(got)}"


def expect(called: str, got: object, wanted: object, ask: str = "") -> None:
    """Pass when a call returned what was wanted, else say the difference."""
    if got != wanted:
        raise NotYet(called, got=outcome_of(got), wanted=show(wanted), ask=ask)


def expect_state(what: str, got: object, wanted: object, ask: str = "") -> None:
    """Pass when both are equal, else say it of what was looked at: nobody called this."""
    if got != wanted:
        raise NotYet.looked_at(what, got=_said(got), wanted=_said(wanted), ask=ask)


def _said(value: object) -> str:
    """A text as it is, anything else as its repr."""
    return plain(value) if isinstance(value, str) else show(value)
