"""A learner's answer to one exercise: where it is, and whether it was begun."""

import ast
import hashlib
import re
from functools import lru_cache
from typing import Any

from workbook.base import paths
from workbook.material import Exercise
from workbook.myapp import definitions, formats, sections
from workbook.myapp.statements import KEPT


def text(exercise: Exercise, namespace: dict[str, Any]) -> str | None:
    """The source that holds the answer: a file of the app, or the last cell that defined it."""
    if exercise.path is None:
        said = (_said(cell, exercise.names) for cell in reversed(_cells(exercise, namespace)))
        return next((each for each in said if each is not None), None)
    path = paths.myapp() / exercise.path
    return path.read_text("utf-8", errors="replace") if path.exists() else None


def _cells(exercise: Exercise, namespace: dict[str, Any]) -> list[str]:
    """The cells that may hold the answer: all where its name is there, else those with `%%mend`.

    What such a cell defines goes into files, and not into the notebook.
    """
    cells: list[str] = namespace.get("In", [])
    if exercise.names[0] in namespace:
        return cells
    return [cell for cell in cells if cell.startswith("get_ipython().run_cell_magic('mend'")]


def _said(cell: str, names: tuple[str, ...]) -> str | None:
    """The answer in this cell; the cell as it stands where Python could not read it."""
    if _defines(cell, names):
        return _quiet(cell)
    return cell if _cannot_be_read(cell, names) else None


def _cannot_be_read(cell: str, names: tuple[str, ...]) -> bool:
    """Whether a definition of one of the names is in a cell that did not run for its syntax."""
    try:
        ast.parse(cell)
    except SyntaxError:
        begins = rf"^(?:async +def|def|class) +(?:{'|'.join(names)})\b"
        return re.search(begins, cell, re.MULTILINE) is not None
    return False


def _defines(cell: str, names: tuple[str, ...]) -> bool:
    try:
        tree = ast.parse(_inner(cell))
    except SyntaxError:
        return False
    return bool(set(names) & set().union(*map(definitions.bound, tree.body)))


def _inner(cell: str) -> str:
    """The cell itself, or what stands under a magic such as `%%time`."""
    found = re.match(r"get_ipython\(\)\.run_cell_magic\(", cell)
    if not found:
        return cell
    call = ast.parse(cell).body[0]
    assert isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
    return str(ast.literal_eval(call.value.args[2]))


def _quiet(cell: str) -> str:
    """The cell without the lines that only try it out: calls, prints, magics, top-level awaits.

    Line numbers stay, so that a message about a line is about the learner's line.
    """
    source = _inner(cell)
    lines = source.splitlines()
    for node in ast.parse(source).body:
        tries = isinstance(node, ast.Expr) or "get_ipython()" in ast.unparse(node)
        if tries or _awaits(node):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(lines) + "\n"


def _awaits(node: ast.AST) -> bool:
    """Whether a statement awaits at the top level, as only a notebook can."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return False
    kinds = ast.Await | ast.AsyncFor | ast.AsyncWith
    return isinstance(node, kinds) or any(map(_awaits, ast.iter_child_nodes(node)))


def attempted(exercise: Exercise, source: str) -> bool:
    """Whether the answer differs from the stub; a file that does not parse was attempted.

    So was a cell that changes files of an app in another way than the stub does.
    """
    if exercise.path is None and sections.touches_an_app(source):
        return source.strip() != exercise.stub.strip()
    kind = formats.for_path(exercise.path)
    try:
        kind.check(source)
    except SyntaxError:
        return True
    mine = kind.definitions(source, exercise.names)
    stub = kind.definitions(exercise.stub, exercise.names)
    return any(mine.get(name, stub.get(name)) != stub.get(name) for name in exercise.names)


@lru_cache(KEPT)
def digest(exercise: Exercise, source: str) -> str:
    """A short name for this answer: its names' definitions, and what it imports for its effect.

    Whatever else a file of the app holds may change without a new check.
    """
    kind = formats.for_path(exercise.path)
    defined = kind.definitions(source, exercise.names) if exercise.path else {}
    text = repr((sorted(defined.items()), _effects(exercise, source))) if defined else source
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _effects(exercise: Exercise, source: str) -> list[str]:
    """The modules that the solution imports for their effect, and the answer in any form too.

    Names that nothing uses yet are no such imports: a later answer in the file may use them.
    """
    unused = formats.for_path(exercise.path).for_effect(exercise.solution)
    modules = {line.removeprefix("import ") for line in unused if line.startswith("import ")}
    return sorted(modules & definitions.imported_modules(source)) if modules else []
