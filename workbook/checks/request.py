"""What a check's process is asked to do, as it crosses over to it in JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from workbook.base import settings

SECONDS = float(settings.read().check_seconds)
"""How long a check may take before it is stopped, in seconds."""


@dataclass(frozen=True)
class CheckRequest:
    """Check one exercise."""

    exercise: str
    workspace: str
    """The folder that holds the learner's files; it goes first on the import path."""
    module: str
    """What holds the answer; empty where the checker runs a file of Alembic's."""
    names: tuple[str, ...]
    url: str
    """The database of this check."""
    observer_url: str
    """The same database, as the observer logs in."""
    seconds: float = SECONDS
    kind: Literal["check"] = "check"

    @property
    def number(self) -> str:
        """The notebook whose modules this needs."""
        return self.exercise[:2]


@dataclass(frozen=True)
class TestRequest:
    """Run pytest on the learner's app."""

    number: str
    """The notebook whose modules this needs."""
    workspace: str
    """The folder of the app."""
    arguments: tuple[str, ...]
    """For pytest; paths are relative to the folder."""
    url: str
    """The database of the tests; empty where they find their own."""
    seconds: float
    """How long the run may take before it is stopped."""
    kind: Literal["tests"] = "tests"
    __test__ = False  # pytest does not collect it


Request = CheckRequest | TestRequest


def to_json(request: Request) -> str:
    """The request as text."""
    return json.dumps(asdict(request))


def from_json(text: str) -> Request:
    """The request that this text is of."""
    raw: dict[str, Any] = json.loads(text)
    several = "names" if raw["kind"] == "check" else "arguments"
    raw[several] = tuple(raw[several])
    return CheckRequest(**raw) if raw["kind"] == "check" else TestRequest(**raw)
