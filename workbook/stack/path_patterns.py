"""Patterns of paths as Docker reads them: those of `.dockerignore`, and those of COPY.

Both are those of Go's `filepath.Match`: https://pkg.go.dev/path/filepath#Match. A `.dockerignore`
knows `**` besides: https://docs.docker.com/build/concepts/context/#syntax
"""

import functools
import posixpath
import re
from collections.abc import Iterator

ONE = r"(?:\\.|[^\\\]-])"
"""A character of a class, which may be escaped."""
TOKEN = re.compile(
    rf"(?P<group>\[\^?(?:{ONE}(?:-{ONE})?)+\])|\\(?P<escaped>.)"
    r"|(?P<deep>\*\*/?)|(?P<star>\*)|(?P<any>\?)|(?P<literal>[^\[\\])",
    re.DOTALL,
)
SUFFIX = re.compile(r"\*\*[^*?\[\]\\/][^*?\[\]\\]*")
"""`**` and plain text behind it: whatever ends like that."""


class PatternError(Exception):
    """A pattern that Docker refuses; the text is the pattern."""


def cleaned(pattern: str) -> str:
    """The shortest way to write it, from the root of the build's context."""
    return posixpath.normpath(pattern).lstrip("/")


@functools.cache
def compiled(pattern: str, deep: bool) -> re.Pattern[str]:
    """What matches the whole path; with `deep`, `**` stands for any folders. PatternError."""
    if deep and SUFFIX.fullmatch(pattern):
        return re.compile(".*" + re.escape(pattern.removeprefix("**")), re.DOTALL)
    try:
        return re.compile("".join(_parts(pattern, deep)), re.DOTALL)
    except re.error:
        raise PatternError(pattern) from None


def _parts(pattern: str, deep: bool) -> Iterator[str]:
    position = 0
    while position < len(pattern):
        found = TOKEN.match(pattern, position)
        if found is None:
            raise PatternError(pattern)
        position = found.end()
        yield _part(found, deep, at_the_end=position == len(pattern))


def _part(found: re.Match[str], deep: bool, at_the_end: bool) -> str:
    kind, text = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "group":  # it takes a slash too, unlike a shell's
        return _character_class(text)
    if kind == "deep" and deep:
        return ".*" if at_the_end else "(?:.*/)?"
    if kind in ("deep", "star"):
        return "[^/]*" + ("/" if text.endswith("/") else "")
    return "[^/]" if kind == "any" else re.escape(text)


def _character_class(text: str) -> str:
    inside = text[1:-1].removeprefix("^")
    ranges = re.sub(r"\\(.)|([^-])", lambda one: re.escape(one[1] or one[2]), inside)
    return f"[{'^' if text[1] == '^' else ''}{ranges}]"
