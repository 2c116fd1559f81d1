"""Python files as a list of definitions: put new ones in, tell which are there, lend a reference.

A file grows over several cells: each cell holds some top-level definitions, and putting them in
replaces their namesakes and adds the rest at the end.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

KEPT = 512
"""How many texts are remembered with their parts: the same files are looked at again and again."""


@dataclass(frozen=True)
class Part:
    """What defines one name: its top-level statements, with the comments above them."""

    key: str
    text: str
    nodes: tuple[ast.stmt, ...]


def split(source: str) -> tuple[str, list[Part]]:
    """The head (docstring and imports) and the parts; SyntaxError when it does not parse."""
    head, parts = _split(source)
    return head, list(parts)


@lru_cache(KEPT)
def _split(source: str) -> tuple[str, tuple[Part, ...]]:
    body = ast.parse(source).body
    lines = source.splitlines()
    head = 0
    while head < len(body) and _belongs_to_head(body[head]):
        head += 1
    ends = [0, *(node.end_lineno or 0 for node in body)]
    parts: dict[str, Part] = {}
    for node, (start, end) in list(zip(body, pairwise(ends), strict=True))[head:]:
        key, text = _key(node), "\n".join(lines[start:end]).strip("\n")
        before = parts.get(key)
        texts, nodes = ([before.text, text], before.nodes) if before else ([text], ())
        parts[key] = Part(key, "\n".join(texts), (*nodes, node))
    return "\n".join(lines[: ends[head]]).strip("\n"), tuple(parts.values())


def _belongs_to_head(node: ast.stmt) -> bool:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.Import | ast.ImportFrom)


def _key(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    return ast.unparse(node)


def bound(node: ast.AST) -> set[str]:
    """The names that a statement gives a meaning to, where it stands."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    return set().union(*(bound(child) for child in ast.iter_child_nodes(node)))


def put(old: str, new: str, sweep: bool = False) -> str:
    """The old file with the new definitions in it; SyntaxError when either does not parse.

    Imports are joined. A new head with a docstring takes the place of the old one, and what the
    rest of the file needs is kept. With `sweep`, imports that served only what is replaced go.
    """
    old_head, old_parts = split(old)
    new_head, new_parts = split(new)
    parts = _placed(old_parts, new_parts)
    wins = _imported(new_head).keys()
    leads = ast.get_docstring(ast.parse(new_head)) is not None
    replaced = [part for part in old_parts if part not in parts]
    gone = _used(replaced) - _used(parts) if sweep else set()
    rest = _without(old_head, wins | gone)
    first, second = (new_head, old_head) if leads else (rest, new_head)
    return join(_with_imports(first, second, parts), parts)


def _placed(old: list[Part], new: list[Part]) -> list[Part]:
    """Namesakes in place; what the cell defines before one of them stays before it."""
    fresh = {part.key: part for part in new}
    placed = [fresh.get(part.key, part) for part in old]
    known = {part.key for part in old}
    for position, part in enumerate(new):
        if part.key not in known:
            later = [each for each in new[position + 1 :] if each.key in known]
            placed.insert(placed.index(later[0]) if later else len(placed), part)
    return placed


def lend(learners: str, reference: str, names: set[str]) -> str:
    """The learner's file with the reference's definitions in place of these names."""
    reference_head, parts = split(reference)
    head, own = split(learners)
    head = _without(head, _imported(reference_head).keys())
    own_names = set(defined(learners))
    lent = {part.key: part for part in parts if part.key in names}
    needed = _used(list(lent.values())) - own_names
    lent = {part.key: part for part in parts if part.key in names | needed}
    all_parts = _placed(own, list(lent.values()))
    head = "\n".join([head, *(each for each in for_effect(reference) if each not in head)])
    return join(_with_imports(head, reference_head, all_parts), all_parts)


def for_effect(source: str) -> list[str]:
    """The imports that nothing in the file uses: they are there for what importing does."""
    head, parts = split(source)
    used = _used(parts)
    return sorted(line for name, line in _imported(head).items() if name not in used)


def _with_imports(head: str, other: str, parts: list[Part]) -> str:
    """One head, with those imports of another that the parts use and the first lacks."""
    lacking = _used(parts) - _imported(head).keys()
    more = [line for name, line in _imported(other).items() if name in lacking]
    return "\n".join([head, *more]).strip("\n")


def _without(head: str, names: Iterable[str]) -> str:
    """The head without its imports of these names; everything else stays as it is written."""
    lines = head.splitlines()
    for node in reversed(ast.parse(head).body):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        stay = [a for a in node.names if (a.asname or a.name.partition(".")[0]) not in names]
        if len(stay) < len(node.names):
            node.names = stay
            lines[node.lineno - 1 : node.end_lineno] = [ast.unparse(node)] if stay else []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def drop(source: str, keys: set[str], imports: set[str] | None = None) -> str:
    """The file without the parts of these keys, and without imports that served only them.

    With `imports`, of those imports only these: others may be somebody else's.
    """
    head, parts = split(source)
    kept = [part for part in parts if part.key not in keys]
    served = _used([part for part in parts if part.key in keys])
    served = served if imports is None else served & imports
    return join(_without(head, (keys | served) - _used(kept)), kept)


def keys(source: str) -> list[str]:
    """What a cell puts into a file: the keys of its parts, and the names it imports."""
    head, parts = split(source)
    return [*(part.key for part in parts), *_imported(head)]


def _used(parts: list[Part]) -> set[str]:
    nodes = (n for part in parts for each in part.nodes for n in ast.walk(each))
    return {n.id for n in nodes if isinstance(n, ast.Name)}


def _imported(head: str) -> dict[str, str]:
    """The names that a head imports, each with an import line of its own."""
    found: dict[str, str] = {}
    for node in ast.parse(head).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                one = ast.Import([alias])
                if isinstance(node, ast.ImportFrom):
                    one = ast.ImportFrom(node.module, [alias], node.level)  # type: ignore[assignment]
                found[name] = ast.unparse(one)
    return found


def join(head: str, parts: list[Part]) -> str:
    """Head and parts as one file: two blank lines around definitions, one after the imports."""
    text = head
    for before, part in pairwise([None, *parts]):
        if text:
            text += "\n\n\n" if _tall(part) or (before and _tall(before)) else "\n"
            text += "\n" if before is None and not _tall(part) else ""
        text += part.text if part else ""
    return text + "\n"


def _tall(part: Part | None) -> bool:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return part is not None and any(isinstance(node, kinds) for node in part.nodes)


def definitions(source: str, names: tuple[str, ...]) -> dict[str, str]:
    """What these names are defined as, without comments and layout; {} when it does not parse."""
    return dict(_definitions(source, names))


@lru_cache(KEPT)
def _definitions(source: str, names: tuple[str, ...]) -> dict[str, str]:
    try:
        _, parts = split(source)
    except SyntaxError:
        return {}
    found: dict[str, str] = {}
    for part in parts:
        for name in set(names) & set().union(*map(bound, part.nodes)):
            found[name] = found.get(name, "") + "".join(map(ast.dump, part.nodes))
    return found


def defined(source: str) -> list[str]:
    """The names that a file defines at its top level, sorted; [] when it does not parse."""
    try:
        _, parts = split(source)
    except SyntaxError:
        return []
    return sorted(set().union(*(bound(node) for part in parts for node in part.nodes)))
