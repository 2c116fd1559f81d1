"""What happened in which order, between client, app and PostgreSQL: recorded, then drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from workbook.evidence import exchanges

NAMES = {"client": "client", "app": "app", "PostgreSQL": "pg"}
"""The three who talk, and what Mermaid calls them."""


@dataclass
class SequenceDiagram:
    """Messages in the order of their sending; JupyterLab draws them."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    """Who says it, to whom, and what."""

    def __repr__(self) -> str:
        """A line a message."""
        width = max((len(each[2]) for each in self.said), default=0)
        return "\n".join(f"{what:<{width}}  {by} → {to}" for by, to, what in self.said)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        lines = ["sequenceDiagram"]
        lines += [f"    participant {short} as {name}" for name, short in NAMES.items()]
        lines += [f"    {NAMES[by]}->>{NAMES[to]}: {what}" for by, to, what in self.said]
        return {"text/vnd.mermaid": "\n".join(lines), "text/plain": repr(self)}


@contextmanager
def watch() -> Iterator[SequenceDiagram]:
    """Record what every served app, and every engine of this process, says and is told."""
    timeline = SequenceDiagram()

    def note(by: str, to: str, what: str) -> None:
        timeline.said.append((by, to, what))

    def ends(connection: Connection, word: str) -> None:
        """Note it where it is a statement; in AUTOCOMMIT there is no transaction to end."""
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            note("app", "PostgreSQL", word)

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": lambda *given: note("app", "PostgreSQL", _short(given[2])),
        "commit": lambda made: ends(made, "COMMIT"),
        "rollback": lambda made: ends(made, "ROLLBACK"),
        "handle_error": lambda context: note("PostgreSQL", "app", _name(context)),
    }
    exchanges.message_listeners.append(note)
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield timeline
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
        exchanges.message_listeners.remove(note)


def _short(sql: str) -> str:
    """The verb, and for an INSERT its table."""
    words = sql.split()
    return " ".join(words[:3]) if words[0].upper() == "INSERT" else words[0]


def _name(context: Any) -> str:
    return type(context.sqlalchemy_exception or context.original_exception).__name__
