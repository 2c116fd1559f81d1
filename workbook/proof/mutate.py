"""Mutants of a solution: what a learner forgets. A checker that does not notice one is too weak."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from workbook.material import Exercise
from workbook.myapp import sections
from workbook.proof import mutate_text

Mutation = tuple[str, Callable[[], object]]
CLAUSE = re.compile(
    r"\s+(WHERE|ORDER BY|LIMIT)\b.*?(?=\s+(?:ORDER BY|LIMIT|RETURNING)\b|$)", re.I | re.S
)
CHAIN = {"where", "order_by", "limit", "with_for_update", "distinct", "returning", "options"}


def mutants_of(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The mutants of an exercise's solution, whatever it is written in."""
    path = exercise.path or ""
    if not path and sections.touches_an_app(exercise.solution):
        return _of_parts(exercise.solution)
    if path.endswith((".yml", ".yaml")):
        return mutate_text.blocks(exercise.solution)
    return (
        mutants(exercise.solution)
        if path.endswith(".py") or not path
        else mutate_text.lines(exercise.solution)
    )


def _of_parts(text: str) -> Iterator[tuple[str, str]]:
    """Those of each part that goes into the app; a test that is too weak is a known answer."""
    parts = sections.read(text)
    for path in [each for each in parts if not each.startswith("tests/")]:
        for name, mutant in mutants(parts[path]):
            yield name, sections.join(parts | {path: mutant})


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Every mutant of this source: what was changed, and the changed source."""
    tree = ast.parse(source)
    count = len(list(_mutations(tree)))
    seen = {ast.unparse(tree)}
    for position in range(count):
        mutant = ast.parse(source)
        name, mutate = next(islice(_mutations(mutant), position, None))
        mutate()
        text = ast.unparse(ast.fix_missing_locations(mutant))
        if text not in seen:
            seen.add(text)
            yield name, text + "\n"


def _mutations(tree: ast.Module) -> Iterator[Mutation]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring: a "where" in it is no SQL
        yield from _drop_statements(node)
        for name, value in ast.iter_fields(node):
            for child, put in _slots(node, name, value):
                yield from _replace(child, put)
        if isinstance(node, ast.Call):
            yield from _drop_arguments(node)


def _slots(
    node: ast.AST, name: str, value: object
) -> Iterator[tuple[ast.AST, Callable[[ast.AST], object]]]:
    if isinstance(value, ast.AST):
        yield value, partial(setattr, node, name)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            if isinstance(child, ast.AST):
                yield child, partial(value.__setitem__, index)


def _replace(child: ast.AST, put: Callable[[ast.AST], object]) -> Iterator[Mutation]:
    if isinstance(child, ast.Await):
        yield f"without await: {_short(child)}", partial(put, child.value)
    if isinstance(child, ast.Constant) and isinstance(child.value, str):
        for found in CLAUSE.finditer(child.value):
            rest = child.value[: found.start()] + child.value[found.end() :]
            yield f"without {found[1].upper()}", partial(put, ast.Constant(rest))
    if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
        inner = child.func.value
        if child.func.attr in CHAIN:
            yield f"without .{child.func.attr}()", partial(put, inner)
    if isinstance(child, ast.AsyncWith | ast.With):
        yield f"without with: {_short(child.items[0])}", partial(put, _unwrapped(child))


def _unwrapped(node: ast.AsyncWith | ast.With) -> ast.AST:
    """The body of a `with`, its names bound by hand; what should be closed is not."""
    lines: list[ast.stmt] = [
        ast.Assign(targets=[item.optional_vars], value=item.context_expr)
        for item in node.items
        if item.optional_vars is not None
    ]
    return ast.If(test=ast.Constant(True), body=[*lines, *node.body], orelse=[])


def _drop_statements(node: ast.AST) -> Iterator[Mutation]:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if not isinstance(body, list) or isinstance(node, ast.Module):
            continue
        for index, child in enumerate(body):
            act = isinstance(child, ast.Raise) or (
                isinstance(child, ast.Expr)
                and not isinstance(child.value, ast.Constant | ast.Yield)
            )
            if act:
                yield f"without: {_short(child)}", partial(body.__setitem__, index, ast.Pass())


def _drop_arguments(call: ast.Call) -> Iterator[Mutation]:
    where = _short(call)
    for index, word in enumerate(call.keywords):
        yield f"without {word.arg or '**'}= in {where}", partial(call.keywords.pop, index)
    for index, value in enumerate(call.args):
        if len(call.args) > 1 or isinstance(value, ast.Starred):
            yield f"without argument {index + 1} of {where}", partial(call.args.pop, index)


def _short(node: ast.AST) -> str:
    text = re.sub(r"\s+", " ", ast.unparse(node))
    return text if len(text) <= 60 else text[:57] + "..."
