"""What an `env.py` was seen to call of Alembic's context."""

import contextlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from alembic.runtime.environment import EnvironmentContext

_NAMES = [*inspect.signature(EnvironmentContext.configure).parameters][1:]
"""What `configure` takes, in its order."""
_KEYWORDS = frozenset(_NAMES)


@dataclass
class ContextCalls:
    """The calls of one command, in their order."""

    steps: list[str] = field(default_factory=list)
    """`configure`, `begin` and `end` of the block of a transaction, `run_migrations`."""
    keywords: dict[str, Any] = field(default_factory=dict)
    """What `configure` was given, by name or by position."""

    def unread(self) -> str:
        """The keywords of `configure` that Alembic takes, and reads nowhere."""
        return ", ".join(f"{each}=" for each in self.keywords if each not in _KEYWORDS)

    def in_transaction(self) -> bool:
        """Whether the migrations ran inside the block of `begin_transaction`."""
        until = self.steps[: self.steps.index("run_migrations")]
        return until.count("begin") > until.count("end")


@contextlib.contextmanager
def context_calls() -> Iterator[ContextCalls]:
    """What is called of the context meanwhile."""
    calls = ContextCalls()
    configure, begin = EnvironmentContext.configure, EnvironmentContext.begin_transaction
    run_migrations = EnvironmentContext.run_migrations

    def seen_configure(self: Any, *args: Any, **keywords: Any) -> None:
        calls.steps.append("configure")
        calls.keywords = dict(zip(_NAMES, args, strict=False)) | keywords
        configure(self, *args, **keywords)

    @contextlib.contextmanager
    def block(real: Any) -> Iterator[Any]:
        calls.steps.append("begin")
        with real as transaction:
            yield transaction
        calls.steps.append("end")

    def seen_run(self: Any, **keywords: Any) -> None:
        calls.steps.append("run_migrations")
        run_migrations(self, **keywords)

    with mock.patch.multiple(
        EnvironmentContext,
        configure=seen_configure,
        begin_transaction=lambda self: block(begin(self)),
        run_migrations=seen_run,
    ):
        yield calls
