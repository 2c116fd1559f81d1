"""The imports in the head of a Python file: which there are, without some, with more."""

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from workbook.myapp.statements import KEPT, Statement, cut

EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Import:
    """One thing that a head imports."""

    line: str
    """An import of it alone, as Python prints it."""
    name: str
    """The name that it binds; empty where it binds none of its own: `*`, and `__future__`."""
    written: str
    """The same, with the comment in its line."""
    is_module: bool
    """Whether it is `import a.b`, which binds `a`, and shares it with `import a.c`."""

    @property
    def key(self) -> str:
        """What the file has once: the name, the whole path of a module, or the line."""
        return self.line.removeprefix("import ") if self.is_module else self.name or self.line

    def displaces(self, other: "Import") -> bool:
        """Whether no file has use for both: they bind one name to two things."""
        both_modules = self.is_module and other.is_module
        return self.name == other.name != "" and self.line != other.line and not both_modules


@lru_cache(KEPT)
def listed(head: str) -> tuple[Import, ...]:
    """Everything that a head imports, each thing once."""
    found: dict[str, Import] = {}
    for statement in cut(head)[0]:
        for alias in _aliases(statement.node):
            one = _import(statement, alias)
            found.pop(one.key, None)
            found[one.key] = one
    return tuple(found.values())


def _aliases(node: ast.stmt) -> list[ast.alias]:
    return node.names if isinstance(node, ast.Import | ast.ImportFrom) else []


def _import(statement: Statement, alias: ast.alias) -> Import:
    node, name = statement.node, alias.asname or alias.name.partition(".")[0]
    line = _only(node, [alias])
    comment = re.search(r"\s+#.*", statement.text) if "\n" not in statement.text else None
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    module = isinstance(node, ast.Import) and not alias.asname
    written = line + (comment[0] if comment else "")
    return Import(line, "" if future or name == "*" else name, written, module)


def _only(node: ast.stmt, aliases: list[ast.alias]) -> str:
    """The import statement with these of its names."""
    if isinstance(node, ast.ImportFrom):
        return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))
    return ast.unparse(ast.Import(aliases))


def without(head: str, unwanted: Callable[[Import], bool]) -> str:
    """The head without these imports; everything else stays as it is written."""
    statements, tail = cut(head)
    texts = [_narrowed(each, unwanted) for each in statements]
    if texts == [each.text for each in statements]:
        return head
    made, between = "", ""
    for statement, text in zip(statements, texts, strict=True):
        between += statement.lead
        if text:
            made, between = made + EMPTY_LINES.sub("\n\n", between) + text, "\n"
    return made + EMPTY_LINES.sub("\n\n", between[:-1] + tail)


def _narrowed(statement: Statement, unwanted: Callable[[Import], bool]) -> str:
    """What is left of a statement: itself, a shorter import, or nothing."""
    aliases = _aliases(statement.node)
    stay = [alias for alias in aliases if not unwanted(_import(statement, alias))]
    if len(stay) == len(aliases):
        return statement.text
    if not stay:
        return ""
    return _by_lines(statement.text, [a for a in aliases if a not in stay]) or _only(
        statement.node, stay
    )


def _by_lines(text: str, gone: list[ast.alias]) -> str:
    """An import that gives each name a line, with its comments; empty for another."""
    for alias in gone:
        name = re.escape(alias.name) + (rf"\s+as\s+{alias.asname}" if alias.asname else "")
        text, count = re.subn(rf"(?m)^[ \t]+{name},?[ \t]*(?:#.*)?\n", "", text)
        if not count:
            return ""
    return text


def with_more(head: str, more: Iterable[Import]) -> str:
    """The head with these imports at its end, those from the future before all others."""
    lines = [each.written for each in more]
    future = [line for line in lines if line.startswith("from __future__ ")]
    others = [line for line in lines if line not in future]
    return "\n".join([_after_docstring(head, future), *others]).strip("\n")


def _after_docstring(head: str, lines: list[str]) -> str:
    first = next(iter(cut(head)[0]), None)
    if not lines or first is None or _aliases(first.node):
        return "\n".join([*lines, head])
    text = first.lead + first.text
    rest = head.removeprefix(text).removeprefix(first.end).lstrip("\n")
    return "\n".join([text, *lines, rest])
