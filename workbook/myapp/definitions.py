"""What a Python file defines: its head, and its other top-level statements as named parts."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from workbook.myapp import import_lines
from workbook.myapp.statements import KEPT, Statement, cut

BLOCK = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NAME = re.compile(r"[^\W\d]\w*")
DETACHED = re.compile(r"(?:#[^\n]*\n|\n)*\n")


@dataclass(frozen=True)
class Part:
    """What defines one name: neighbouring top-level statements, with the comments above them."""

    key: str
    """The name; of a statement that defines none or several, its targets or its text."""
    text: str
    nodes: tuple[ast.stmt, ...]
    gap: str = ""
    """The empty lines above it, in the file that it was read from."""
    end: str = "\n"
    """What follows it there: an end of line, or a semicolon."""

    @property
    def is_block(self) -> bool:
        """Whether it is a function or a class, which stand between two empty lines."""
        return any(isinstance(node, BLOCK) for node in self.nodes)

    @cached_property
    def names(self) -> set[str]:
        """The names that it gives a meaning to."""
        return set().union(*map(bound, self.nodes))

    @cached_property
    def used(self) -> set[str]:
        """The names that it mentions as names."""
        nodes = (node for each in self.nodes for node in ast.walk(each))
        return {node.id for node in nodes if isinstance(node, ast.Name)}

    @cached_property
    def quoted(self) -> set[str]:
        """The names that it mentions in texts: in annotations, and in `__all__`."""
        places = [*self.nodes] if "__all__" in self.names else list[ast.AST | None]()
        for node in (node for each in self.nodes for node in ast.walk(each)):
            places += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        nodes = (node for place in places if place for node in ast.walk(place))
        texts = (node.value for node in nodes if isinstance(node, ast.Constant))
        return {name for text in texts if isinstance(text, str) for name in NAME.findall(text)}

    @property
    def detached(self) -> str:
        """The comments at its beginning that an empty line parts from it."""
        found = DETACHED.match(self.text)
        return found[0] if found else ""


@dataclass(frozen=True)
class PythonFile:
    """A file in its parts."""

    head: str
    """The docstring and the imports at the top."""
    head_end: str
    """What follows the head: an end of line, or a semicolon."""
    parts: tuple[Part, ...]
    tail: str
    """The comments after the last statement, with the empty lines above them."""


@lru_cache(KEPT)
def read(source: str) -> PythonFile:
    """The file in its parts; SyntaxError when it does not parse."""
    statements, tail = cut(source)
    if not statements:
        return PythonFile(tail.strip("\n"), "\n", (), "")
    first = next((n for n, s in enumerate(statements) if not _is_head(s.node)), len(statements))
    head = "".join(each.lead + each.text + each.end for each in statements[:first])
    end = statements[first - 1].end if first else "\n"
    return PythonFile(head.removesuffix(end).strip("\n"), end, _parts(statements[first:]), tail)


def _is_head(node: ast.stmt) -> bool:
    return _is_text(node) or isinstance(node, ast.Import | ast.ImportFrom)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parts(statements: Sequence[Statement]) -> tuple[Part, ...]:
    keys = list[str]()
    for each in statements:
        keys.append(keys[-1] if keys and _is_text(each.node) else _key(each.node))
    runs = groupby(zip(keys, statements, strict=True), key=lambda pair: pair[0])
    return tuple(_part(key, [statement for _, statement in run]) for key, run in runs)


def _part(key: str, run: list[Statement]) -> Part:
    raw = "".join(each.lead + each.text + each.end for each in run).removesuffix(run[-1].end)
    text = raw.lstrip("\n")
    gap = raw[: len(raw) - len(text)]
    return Part(key, text, tuple(each.node for each in run), gap, run[-1].end)


def _key(node: ast.stmt) -> str:
    if isinstance(node, BLOCK):
        return node.name
    if isinstance(node, ast.Assign):
        return " = ".join(map(ast.unparse, node.targets))
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    if type(node).__name__ == "TypeAlias":  # from Python 3.12 on
        return ast.unparse(node.name)  # type: ignore[attr-defined]
    return ast.unparse(node)


def bound(node: ast.AST) -> set[str]:
    """The names that a statement gives a meaning to, where it stands."""
    if isinstance(node, BLOCK):
        return {node.name}
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    return set().union(*(bound(child) for child in ast.iter_child_nodes(node)))


def used(parts: Iterable[Part]) -> set[str]:
    """The names that these parts mention as names."""
    return set().union(*(part.used for part in parts))


def needed(parts: Iterable[Part]) -> set[str]:
    """The names that these parts mention, in texts as well."""
    return set().union(*(part.used | part.quoted for part in parts))


def keys(source: str) -> list[str]:
    """What a cell puts into a file: the keys of its parts, and of its imports."""
    file = read(source)
    imports = import_lines.listed(file.head)
    return [*(part.key for part in file.parts), *(each.key for each in imports)]


def for_effect(source: str) -> list[str]:
    """The imports that nothing in the file uses: they are there for what importing does."""
    file = read(source)
    names = used(file.parts)
    return sorted(each.line for each in import_lines.listed(file.head) if each.name not in names)


def imported_modules(source: str) -> set[str]:
    """The modules that the head of a file imports, and what it takes from them, by full names."""
    nodes = list(ast.walk(ast.parse(read(source).head)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def definitions(source: str, names: tuple[str, ...]) -> dict[str, str]:
    """What these names are defined as, without comments and layout; {} when it does not parse."""
    return dict(_definitions(source, names))


@lru_cache(KEPT)
def _definitions(source: str, names: tuple[str, ...]) -> dict[str, str]:
    try:
        parts = read(source).parts
    except SyntaxError:
        return {}
    found: dict[str, str] = {}
    for part in parts:
        for name in set(names) & part.names:
            meaning = map(ast.dump, (node for node in part.nodes if not _is_text(node)))
            found[name] = found.get(name, "") + "".join(meaning)
    return found


def defined(source: str) -> list[str]:
    """The names that a file defines at its top level, sorted; [] when it does not parse."""
    try:
        parts = read(source).parts
    except SyntaxError:
        return []
    return sorted(set().union(*(part.names for part in parts)))
