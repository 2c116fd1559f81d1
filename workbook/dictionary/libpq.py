"""What libpq says, the C library below psycopg and psycopg2: they give no SQLSTATE for a connection
that did not come about, and the server's own words stand in the message.
"""

import re

DRIVERS = ("asyncpg", "psycopg", "psycopg2")
"""The drivers whose errors are PostgreSQL's, by the name of their package."""
SAYS = {
    r"password authentication failed": "28P01",
    r'database "[^"]*" does not exist': "3D000",
    r'role "[^"]*" does not exist|no pg_hba\.conf entry|Peer authentication failed': "28000",
    r"the database system is (?:starting up|shutting down|not yet accepting)": "57P03",
    r"sorry, too many clients|remaining connection slots": "53300",
    r"due to administrator command": "57P01",
}
"""A part of the message, as an expression, and the code that the server sent with it."""


def is_drivers(error: BaseException) -> bool:
    """Whether a driver of PostgreSQL raised this."""
    return type(error).__module__.partition(".")[0] in DRIVERS


def sqlstate(error: BaseException, message: str) -> str:
    """The code for these words of the server, in an error of psycopg's or around one; or ""."""
    below = getattr(error, "orig", None)
    if not any(isinstance(each, BaseException) and is_drivers(each) for each in (error, below)):
        return ""
    return next((code for part, code in SAYS.items() if re.search(part, message)), "")
