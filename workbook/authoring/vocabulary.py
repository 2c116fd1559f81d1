"""Nothing in a solution that was not shown: the words of solutions, and where they stood before.

What counts as shown is what a learner sees: code cells, code spans and blocks of code in the text.
Hints, solutions and given files are not seen by everybody, and an import in a stub, like a name in
it that is not explained, shows nothing of how it is used: none of them count. `BROUGHT` is what
the README says that one must bring.
"""

import ast
import builtins
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

from workbook.authoring.lesson import SOLUTION, Cell, Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.authoring.outline import FENCED, Piece, pieces

WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
SPAN = re.compile(r"`([^`\n]+)`")
METHODS = (str, list, dict, set, tuple, int, float, bytes, Exception)
BROUGHT = {
    *dir(builtins),
    *keyword.kwlist,
    *(name for kind in METHODS for name in dir(kind)),
    *("self", "cls", "annotations"),
    *("dataclass", "collections", "abc", "typing", "Any", "Callable"),
    *("Iterator", "Sequence", "json", "os", "Path"),
    *("SELECT", "FROM", "WHERE", "INSERT", "INTO", "VALUES", "UPDATE", "SET", "DELETE"),
    *("AND", "OR", "NOT", "NULL", "IS", "AS", "CREATE", "TABLE"),
}
"""Plain Python, and SQL as far as one table reaches."""
EXCEPTIONS: dict[str, dict[str, str]] = {}
"""By exercise: a word that stands nowhere before, and why it may."""


def complaints(every: list[Lesson]) -> list[str]:
    """What a solution uses that nothing visible had shown, for all lessons in their order."""
    return [
        f"{lesson.path.name}: the solution of {name} uses {', '.join(words)}, and nothing before"
        " it shows how; show it in a cell or in a sentence, as code."
        for lesson, name, words in unseen(every)
        if words
    ]


def unseen(every: list[Lesson]) -> Iterator[tuple[Lesson, str, list[str]]]:
    """Each exercise with the words of its solution that were not shown before it.

    On the core path nothing counts that only a deeper block has shown.
    """
    core, whole = set(BROUGHT), set(BROUGHT)
    for lesson, piece in ((each, piece) for each in every for piece in pieces(each)):
        words = seen(piece)
        whole |= words
        core |= set() if piece.deeper else words
        if name := str(piece.cell.options.get("exercise", "")):
            shown = whole if piece.deeper else core
            new = used(piece.cell) - shown - EXCEPTIONS.get(name, {}).keys()
            yield lesson, name, sorted(new)


def seen(piece: Piece) -> set[str]:
    """The words that a learner sees used in a piece of a lesson."""
    if piece.cell.kind == "code":
        lines = piece.cell.stubbed().splitlines()
        stub = "exercise" in piece.cell.options
        kept = [line for line in lines if not (stub and _imports(line))]
        return set(WORD.findall("\n".join(kept)))
    blocks = [found[0] for found in FENCED.finditer(piece.text) if "```mermaid" not in found[0]]
    return set(WORD.findall("\n".join([*blocks, *SPAN.findall(FENCED.sub("", piece.text))])))


def _imports(line: str) -> bool:
    return re.match(r"\s*(import|from) ", line) is not None


def used(cell: Cell) -> set[str]:
    """The words of a solution that come from elsewhere: of Python, of SQL, of a file's format."""
    written = "\n".join(found["solution"] for found in SOLUTION.finditer(cell.text + "\n"))
    whole = re.sub(r"\A%%.*\n", "", cell.solved())
    try:
        tree = ast.parse(whole)
    except SyntaxError:
        return _of_a_file(written)
    names = _names(tree) - _own(tree)
    return {name for name in names if re.search(rf"\b{name}\b", written)} | _sql(written)


def _of_a_file(text: str) -> set[str]:
    """Keys, instructions and options of a Dockerfile or a Compose file."""
    without = re.sub(r"#.*", "", text)
    return {word for word in WORD.findall(without) if len(word) > 2}


def _sql(code: str) -> set[str]:
    strings = re.findall(r"\"\"\".*?\"\"\"|\"[^\"\n]*\"|'[^'\n]*'", code, re.S)
    return set(re.findall(r"\b[A-Z]{2,}\b", " ".join(strings)))


def _names(tree: ast.AST) -> set[str]:
    """Names, attributes, keyword arguments and what is imported."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                found.add(name)
            case ast.alias(name=name):
                found.add(name.split(".")[-1])
    return found


def _own(tree: ast.AST) -> set[str]:
    """What the cell itself gives a name to."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                found.add(name)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.ExceptHandler(name=str(name)):
                found.add(name)
    return found


def main() -> int:
    """Print each exercise with what its solution uses unseen."""
    every = [read(path) for path in lessons(Path("lessons"))]
    for _, name, words in unseen(every):
        print(f"{name:18} {len(words):2}  {' '.join(words)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
