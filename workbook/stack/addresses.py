"""Where in a text an address stands: hosts and ports in the places that programs read them from.

A number alone is no port, and what is before the `@` of a URL is a password: both are left.
"""

import functools
import re

POSTGRES = 5432
WEB = 8000

SPACE = r"[\s\0]"
"""Between two words of a command there is a NUL."""
QUOTE = r"""(?:\\?["'])"""
END = r"(?![\w@]|[.-]\d)"
"""Behind a port: not the rest of a longer number, of a word, or of a password."""
OWN = r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|(?<=[\"'])::1?|\$HOSTNAME\b|\$\{HOSTNAME\}"
"""How a container calls itself."""
COMPUTED = r"\$\([^)]*\)|\$?\{[^}]*\}|\$\w+"
"""A host that a shell or a program fills in."""

URL = rf"""
    (?: (?P<database>(?i:postgres(?:ql)?(?:\+\w+)?)://) | \b[a-z][a-z0-9+.-]*:// )
    (?: (?(database) [^\s\0:/@'"]* (?::[^\s\0@]*)? | [^\s\0/?\#@'"]* ) @ )?
    (?P<url_host> \[[^]\s]*\] | {COMPUTED} | [^\s\0:/?\#'",;)\\]+ )
    (?: :(?P<url_port>\d+){END} )?
    (?P<path> (?(database) (?:/[^\s\0?'",)]*)? | (?:[/?\#][^\s\0'",)\\]*)? ) )
"""
"""The password of a database may have a slash, as SQLAlchemy reads it."""

PAIR = rf"""
    (?: (?P<device>/dev/tcp/) | (?<![\w.:/-]) )
    (?P<host> (?i:HOSTS) | (?<=["'])(?={QUOTE}\s*,) )
    (?P<gap> (?(device) / | (?: : | {SPACE}+ | {QUOTE}\s*,\s*{QUOTE}? ) ) )
    (?P<port>\d+){END}
"""
"""`HOST:PORT`, `HOST PORT`, `'HOST', PORT`, `/dev/tcp/HOST/PORT`; an empty host is all of them."""

OPTION = rf"""
    (?: (?<![\w-]) (?: (?:--(?:[\w-]+-)?port) {QUOTE}?(?:[=,]|{SPACE})\s*{QUOTE}?
                     | -p {QUOTE}?(?:[=,]|{SPACE})?\s*{QUOTE}? )
      | (?<!\w) (?i:(?:\w+_|PG)?PORT) {QUOTE}?\s*(?::-|[=:,])\s*{QUOTE}?
      | (?: \$\w+ | (?<![^\s\0='"}})*]) (?<!\w["']) ) : )
    (?P<own_port>\d+){END}
"""
"""`--port 8000`, `-p 8000`, `PORT=8000`, `'PORT', 8000`, `${PORT:-8000}`, and `:8000` alone."""

NAME = rf"""
    (?: (?<![^\s\0])(?:-h|--host)(?:=|{SPACE})?{QUOTE}? | \bhost={QUOTE}? )
    (?P<name> NAMED | \$HOSTNAME\b | \$\{{HOSTNAME\}} | \$\(hostname[^)]*\) ) (?![\w.-])
"""
"""Its own name where a host is asked for."""

EVERYWHERE = r"(?P<everywhere>(?<![\w.])0\.0\.0\.0(?![\w./]))"
PROGRAM = r"(?:/[\w.-]+)+/bin/(?P<program>uvicorn|alembic|python3?)\b"
"""What an image has in a folder of its own is on the PATH here."""


@functools.cache
def places(own: str, others: frozenset[str]) -> re.Pattern[str]:
    """What finds the next address in what this container is told; the kind is in its groups."""
    names = sorted({own, *others}, key=len, reverse=True)
    hosts = "|".join([*(re.escape(each) + r"(?![\w.-])" for each in names), OWN])
    parts = URL, PAIR, OPTION, NAME, EVERYWHERE, PROGRAM
    every = "|".join(f"(?:{each})" for each in parts)
    return re.compile(every.replace("HOSTS", hosts).replace("NAMED", re.escape(own)), re.VERBOSE)


SECRET = re.compile(
    "(?:password|passwd|passphrase|secret|(?:^|_)(?:pass|token|key))s?$", re.IGNORECASE
)


def is_secret(variable: str) -> bool:
    """Whether the name of this variable says that its value is nobody's address."""
    return SECRET.search(variable) is not None
