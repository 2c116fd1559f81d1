"""Files of the app that a notebook gives: to read, not to write."""

from collections.abc import Iterable

from workbook import material, paths, workspace
from workbook.problem import Problem


def add(number: str, names: Iterable[str]) -> str:
    """Put these files into `myapp/`, after setting aside what is there; a line about each."""
    given = material.notebook(number).given
    if unknown := [name for name in names if name not in given]:
        have = ", ".join(given) or "none"
        raise Problem(f"Notebook {number} gives no {unknown[0]!r}. The files it gives: {have}.")
    new = {name: given[name] for name in names if _now(name) != given[name]}
    workspace.set_aside([f"myapp/{name}" for name in new], "add")
    for name, text in new.items():
        workspace.write(paths.myapp() / name, text)
    return "\n".join(f"myapp/{name}: {given[name].count(chr(10))} lines, given." for name in names)


def _now(name: str) -> str | None:
    path = paths.myapp() / name
    return path.read_text("utf-8", errors="replace") if path.exists() else None
