"""The `%%myapp` cell: puts a cell's definitions into a file of the learner's app."""

import ast
from pathlib import PurePosixPath
from typing import Any

from workbook import graft, paths, workspace


def install(shell: Any) -> None:
    """Give this IPython shell the `%%myapp` magic."""
    shell.register_magic_function(write, "cell", "myapp")


def write(line: str, cell: str) -> None:
    """`%%myapp app/database.py` puts this cell into that file of myapp/.

    A definition replaces its namesake, new ones go to the end, imports replace the imports.
    What was in the file before is set aside: `./wb undo` brings it back.
    """
    name = line.strip()
    if problem := _unfit(name):
        print(problem)
        return
    target = paths.myapp() / name
    old = target.read_text("utf-8", errors="replace") if target.exists() else ""
    try:
        new = graft.put(_sound(old), cell) if name.endswith(".py") else cell
    except SyntaxError as error:
        print(f"Line {(error.lineno or 0) + 1} of this cell does not parse: {error.msg}.")
        print(f"Nothing was written to myapp/{name}. Mend the line and run the cell again.")
        return
    if new != old:
        workspace.set_aside([f"myapp/{name}"], "write")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(new, "utf-8")
    what = f"{', '.join(_names(cell))} in " if name.endswith(".py") else ""
    print(f"Wrote {what}myapp/{name}.")


def _unfit(name: str) -> str:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        return "Name a file inside myapp/, for example: %%myapp app/database.py"
    return ""


def _sound(old: str) -> str:
    """The old file if it parses; one that does not is replaced as a whole, and was set aside."""
    try:
        ast.parse(old)
    except SyntaxError:
        return ""
    return old


def _names(cell: str) -> list[str]:
    return [part.key for part in graft.split(cell)[1]] or ["its imports"]
