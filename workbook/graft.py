"""Python files as a list of definitions: put new ones in, tell which are there, lend a reference.

A file grows over several cells: each cell holds some top-level definitions, and putting them in
replaces their namesakes and adds the rest at the end.
"""

import ast
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Part:
    """One top-level statement with the comments above it."""

    key: str
    text: str
    node: ast.stmt


def split(source: str) -> tuple[str, list[Part]]:
    """The head (docstring and imports) and the parts; SyntaxError when it does not parse."""
    body = ast.parse(source).body
    lines = source.splitlines()
    head = 0
    while head < len(body) and _belongs_to_head(body[head]):
        head += 1
    ends = [0, *(node.end_lineno or 0 for node in body)]
    spans = list(pairwise(ends))
    parts = [
        Part(_key(node), "\n".join(lines[start:end]).strip("\n"), node)
        for node, (start, end) in list(zip(body, spans, strict=True))[head:]
    ]
    return "\n".join(lines[: ends[head]]).strip("\n"), parts


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


def put(old: str, new: str) -> str:
    """The old file with the new definitions in it; SyntaxError when either does not parse."""
    old_head, old_parts = split(old)
    new_head, new_parts = split(new)
    fresh = {part.key: part for part in new_parts}
    kept = [fresh.pop(part.key, part) for part in old_parts]
    return join(new_head or old_head, [*kept, *fresh.values()])


def lend(learners: str, reference: str, names: set[str]) -> str:
    """The learner's file with the reference's definitions in place of these names."""
    _, parts = split(reference)
    head, own = split(learners)
    reference_head, _ = split(reference)
    lent = {part.key: part for part in parts if part.key in names}
    kept = [lent.pop(part.key, part) for part in own]
    return join(_both(head, reference_head), [*kept, *lent.values()])


def _both(head: str, other: str) -> str:
    """One head with the imports of two, each once."""
    lines = {ast.unparse(node) for node in ast.parse(head).body}
    more = [ast.unparse(node) for node in ast.parse(other).body if not isinstance(node, ast.Expr)]
    return "\n".join([head, *(each for each in more if each not in lines)]).strip("\n")


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
    return part is not None and isinstance(part.node, kinds)


def definitions(source: str, names: tuple[str, ...]) -> dict[str, str]:
    """What these names are defined as, without comments and layout; {} when it does not parse."""
    try:
        _, parts = split(source)
    except SyntaxError:
        return {}
    return {part.key: ast.dump(part.node) for part in parts if part.key in names}
