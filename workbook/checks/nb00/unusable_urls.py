"""Addresses by which nobody gets a connection."""

from urllib.parse import urlsplit

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/nowhere"
"""An address where nobody listens."""


def of_unknown_user(url: str) -> str:
    """The same server, for a user that it does not know: refused whatever its rules of login."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"stranger:swordfish@{parts.netloc.rpartition('@')[2]}").geturl()
