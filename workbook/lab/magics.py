"""The `%%myapp` cell: puts a cell's definitions into a file of the learner's app."""

from pathlib import PurePosixPath
from typing import Any

from workbook import workspace
from workbook.base import paths
from workbook.lab.ipython import cell_id
from workbook.myapp import definitions, formats, import_lines
from workbook.workspace import cells


def install(shell: Any) -> None:
    """Give this IPython shell the `%%myapp` magic."""
    shell.register_magic_function(write, "cell", "myapp")


def write(line: str, cell: str) -> None:
    """`%%myapp app/database.py` puts this cell into that file of myapp/.

    A definition replaces its namesake, new ones go to the end, imports replace the imports.
    `%%myapp app/database.py --without get_db` also takes that definition out.
    What was in the file before is set aside: `./wb undo` brings it back.
    """
    name, *options = line.split() or [""]
    leaving = set(options[1:]) if options[:1] == ["--without"] else set()
    if problem := _unfit(name) or (_ODD if options and not leaving else ""):
        print(problem)
        return
    target, kind = paths.myapp() / name, formats.for_path(name)
    old = target.read_text("utf-8", errors="replace") if target.exists() else ""
    try:
        compile(cell if name.endswith(".py") else "", name, "exec")
        kind.check_cell(cell)
    except SyntaxError as error:
        print(f"Line {(error.lineno or 0) + 1} of this cell does not parse: {error.msg}.")
        print(f"Nothing was written to myapp/{name}. Mend the line and run the cell again.")
        return
    try:
        kept = kind.without(_without_vanished(name, _sound(name, old), cell), leaving)
        new = _without_vanished(name, kind.merge(kept, cell), cell)
    except SyntaxError as error:
        print(f"This cell and myapp/{name} do not fit: {error.msg}.")
        print(f"Nothing was written to myapp/{name}. Keep in the cell what the file needs of it.")
        return
    if new != old:
        workspace.set_aside([f"myapp/{name}"], "write")
        workspace.write(target, new)
    _remember(name, cell)
    _tell(name, cell, leaving)
    if lost := kind.left_out(kept, cell, new):
        print(f"Left out, as nothing needs it now: {'; '.join(lost)}.")


def _tell(name: str, cell: str, leaving: set[str]) -> None:
    """What was written, and what went."""
    what = f"{', '.join(found)} in " if (found := _names(name, cell)) else ""
    print(f"Wrote {what}myapp/{name}.", *(f"{each} is gone." for each in sorted(leaving)))


_ODD = "After the file's name, %%myapp knows one option: --without NAME"


def _unfit(name: str) -> str:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        return "Name a file inside myapp/, for example: %%myapp app/database.py"
    return ""


def _without_vanished(name: str, old: str, cell: str) -> str:
    """The old file without what the last run of this very cell wrote and this one does not."""
    before = cells.written(name, _identity(name, cell))
    kind = formats.for_path(name)
    return kind.without(old, set(before) - set(kind.keys(cell)), imports=set(before))


def _remember(name: str, cell: str) -> None:
    kind = formats.for_path(name)
    cells.remember(name, _identity(name, cell), kind.keys(cell))


def _identity(name: str, cell: str) -> str:
    """The cell's id where the front end tells it, else the first name that it defines."""
    return cell_id() or next(iter(formats.for_path(name).keys(cell)), "")


def _sound(name: str, old: str) -> str:
    """The old file if it parses; one that does not is replaced as a whole, and was set aside."""
    try:
        formats.for_path(name).check(old)
    except SyntaxError:
        return ""
    return old


def _names(name: str, cell: str) -> list[str]:
    if name.endswith(".py"):
        file = definitions.read(cell)
        rest = "its imports" if import_lines.listed(file.head) else "nothing"
        return [part.key for part in file.parts] or [rest]
    return formats.for_path(name).keys(cell)
