"""The text of a Python file cut into its top-level statements; put together, they are it again."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, zip_longest

KEPT = 512
"""How many texts are remembered with their statements: the same ones are looked at again."""

UNDER = re.compile(r"(?:(?:[ \t]*\n)*[ \t]+#[^\n]*\n)*")
"""Indented comments under a statement: they belong to it, though the parser ends it before them."""

SEMICOLON = re.compile(r"[ \t]*;(?:[ \t]|\\\n)*")
"""What is between two statements of one line, also where that is continued in the next."""


@dataclass(frozen=True)
class Statement:
    """A top-level statement, and all that stands between it and the one before."""

    node: ast.stmt
    lead: str
    """The empty lines and the comments above it."""
    text: str
    """The statement with its own comments, without what comes before the next one."""
    end: str
    """What follows it: an end of line, or a semicolon where the next one is in the same line."""


@lru_cache(KEPT)
def cut(source: str) -> tuple[tuple[Statement, ...], str]:
    """The statements, and the comments after the last one; SyntaxError when it does not parse."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    body = ast.parse(source).body
    source = source if source.endswith("\n") else source + "\n"
    place = _Places(source)
    found, position = list[Statement](), 0
    for node, after in zip_longest(body, body[1:]):
        start, end = place.start(node), place.end(node)
        stop = place.start(after) if after else len(source)
        if not SEMICOLON.fullmatch(source, end, stop):
            end = _end_of_lines(source, end)
            stop = end + 1
        found.append(Statement(node, source[position:start], source[start:end], source[end:stop]))
        position = stop
    return tuple(found), source[position:].rstrip()


def _end_of_lines(source: str, end: int) -> int:
    """Where the last line of a statement ends, or of the indented comments under it."""
    line_end = source.index("\n", end)
    under = UNDER.match(source, line_end + 1)
    return under.end() - 1 if under else line_end


class _Places:
    """Where statements begin and end in a text: the parser counts the bytes of a line."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._begin: list[int] = [0, *accumulate(len(line) + 1 for line in self._lines)]

    def start(self, node: ast.stmt) -> int:
        """The first character, of a decorator where there is one."""
        if decorators := getattr(node, "decorator_list", []):
            return self._begin[int(decorators[0].lineno) - 1]
        return self._at(node.lineno, node.col_offset)

    def end(self, node: ast.stmt) -> int:
        """The position after the last character."""
        return self._at(node.end_lineno or 0, node.end_col_offset or 0)

    def _at(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        before = column if text.isascii() else len(text.encode()[:column].decode())
        return self._begin[line - 1] + before
