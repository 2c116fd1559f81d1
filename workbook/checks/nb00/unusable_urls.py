"""Addresses by which nobody gets a connection."""

from urllib.parse import urlsplit

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/nowhere"
"""An address where nobody listens."""


ANOTHER_ADDRESS = "to which address does your code connect: to the one that the caller gives?"
"""The question where an answer finds something by an address where nobody is."""


def of_unknown_user(url: str) -> str:
    """The same server, for a user that it does not know: refused whatever its rules of login."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"stranger:swordfish@{parts.netloc.rpartition('@')[2]}").geturl()
