"""What a probe of the doctor answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    ok: bool
    what: str
    """What was seen, in a sentence."""
    repair: str | None = None
    """What to do or to run, where something is wrong."""


Probe = Callable[[], Iterable[Finding]]
