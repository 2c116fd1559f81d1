"""Where a page ends and the next one begins, as a text that is handed back as it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Place: TypeAlias = tuple[datetime, int]
"""When something came, and its id: for what came at one moment."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PATTERN = "^[A-Za-z0-9_-]{20}$"
"""Fifteen bytes: seven for the microseconds since 1970, eight for the id. All of them mean one."""


def write(place: Place) -> str:
    """Make the text; it hides nothing, and whoever makes one up sees what they may see anyway."""
    at, id_ = place
    microseconds = (at - EPOCH) // timedelta(microseconds=1)
    return urlsafe_b64encode(microseconds.to_bytes(7) + id_.to_bytes(8)).decode()


def read(text: str) -> Place:
    """Return what such a text stands for; it has to match PATTERN."""
    both = urlsafe_b64decode(text)
    microseconds, id_ = int.from_bytes(both[:7]), int.from_bytes(both[7:])
    return EPOCH + timedelta(microseconds=microseconds), min(id_, 2**63 - 1)
