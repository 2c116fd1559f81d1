"""What one container is doing, whoever runs it, and what it said."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["waiting", "starting", "healthy", "unhealthy", "running", "exited"]
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class State:
    """The state of one container; `starting` is a container whose health check has not passed."""

    kind: Kind
    code: int = 0
    """The exit code of one that has exited."""
    refused: int = 0
    """How often its health check has said no since it started."""

    def __str__(self) -> str:
        """In one or two words."""
        return f"exited ({self.code})" if self.kind == "exited" else self.kind


@dataclass(frozen=True)
class StateChange:
    """A container came into another state."""

    when: float
    """Seconds since the epoch."""
    name: str
    state: State


@dataclass(frozen=True)
class LogLine:
    """A line of a container's log."""

    when: float
    """Seconds since the epoch."""
    text: str


def last_words(lines: list[LogLine]) -> str:
    """The last line of a log; where there is an error that is well known, what it says of that.

    How a server takes its leave says nothing of the reason, which it gave before.
    """
    said = [text for each in lines if (text := COLOUR.sub("", each.text).strip())]
    for text in reversed(said):
        for told, pattern in PLAIN:
            if found := re.search(pattern, text):
                return told.format(found[0])
    reasons = [text for text in said if not LEAVE.search(text)]
    return (reasons or said or [""])[-1]


LEAVE = re.compile(
    r"^INFO:\s+(?:Shutting down|Finished server process)"
    r"|^INFO:\s+(?:Waiting for application shutdown|Application shutdown complete)\.$"
    r"|^ERROR:\s+Application startup failed\. Exiting\.$"
)
"""What uvicorn writes when it ends, whatever the reason."""
PLAIN = (
    ("ConnectionRefusedError: connection refused", "Connect call failed"),
    ("UniqueViolationError: {}", "duplicate key value violates unique constraint"),
    ("InvalidPasswordError: {}", "password authentication failed for user .*"),
    ("gaierror: no such host", "Name or service not known|nodename nor servname"),
)
"""Errors that differ by address, number or machine: how each is told, and what tells it."""
