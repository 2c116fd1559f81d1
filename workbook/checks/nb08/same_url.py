"""Whether a URL leads where another one does, and in which part it differs."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from workbook.checks.answer import plain
from workbook.checks.verdict import NotYet

ASKS = {
    "drivername": "which driver does the app use?",
    "password": "what does a driver need besides the address?",
    "port": "through which port of this machine does one reach the port of a container?",
    "host": "who knows the machine on which the container can be reached?",
    "username": "which user does this container have?",
    "database": "which database does this container have?",
}
"""The question for each part in which two URLs can differ, the likeliest first."""
HERE = ("localhost", "127.0.0.1")


def expect_same(called: str, got: str, wanted: str) -> None:
    """NotYet where both do not lead to one database, with the question of the part that differs."""
    its = _parsed(called, got)
    for part, ask in ASKS.items():
        if _plain(its, part) != _plain(make_url(wanted), part):
            raise NotYet.looked_at(called, got=f"it gives {got}", wanted=wanted, ask=ask)


def _parsed(called: str, got: str) -> URL:
    try:
        return make_url(got)
    except ArgumentError:
        ask = "which method of the container gives its URL?"
        raise NotYet.looked_at(
            called, got=f"it gives {plain(got)}", wanted="a URL", ask=ask
        ) from None


def _plain(url: URL, part: str) -> object:
    value = getattr(url, part)
    return HERE[0] if value in HERE else value
