"""Files of the app that a notebook gives: to read, not to write."""

import ast
import contextlib
from collections.abc import Iterable

from workbook import material, workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.myapp import definitions, formats, needs


def add(number: str, names: Iterable[str]) -> str:
    """Put these files into `myapp/`, after setting aside what is there; a line about each.

    A text that begins with its docstring is a whole file; another one is put into what is there.
    What they need of a neighbour that was written before the notebooks gave it comes along.
    """
    given = material.notebook(number).given
    if unknown := [name for name in names if name not in given]:
        have = ", ".join(given) or "none"
        raise Problem(f"Notebook {number} gives no {unknown[0]!r}. The files it gives: {have}.")
    own = {name: _own(number, name, given[name]) for name in names}
    made = {name: _made(number, name, given[name], own[name]) for name in names}
    brought = needs.lacking(number, made)
    texts = made | {name: text for name, (_, text) in brought.items()}
    new = {name: text for name, text in texts.items() if _now(name) != text}
    workspace.set_aside([f"myapp/{name}" for name in new], "add")
    for name, text in new.items():
        workspace.write(paths.myapp() / name, text)
    lines = [_about(name, given[name], made[name], own[name]) for name in names]
    return "\n".join([*lines, *(_also(name, more) for name, (more, _) in brought.items())])


def _own(number: str, name: str, text: str) -> set[str]:
    """What the learner's file defines beside what it had from the notebooks before this one."""
    now = _now(name)
    if now is None or not name.endswith(".py") or _is_part(name, text):
        return set()
    books = [each for each in material.notebooks() if each.number <= number]
    given = [each.given[name] for each in books if name in each.given]
    before = material.files_before(number).get(name, "")
    ours = {each for version in (*given, before) for each in definitions.defined(version)}
    return set(definitions.defined(now)) - ours


def _made(number: str, name: str, text: str, own: set[str]) -> str:
    """The file as it is afterwards: what is given, with what was written into it meanwhile."""
    if _is_part(name, text):
        return _joined(name, text)
    answers = _answers(number, name, text)
    if (own or answers) and _was_given(number, name, text):
        kind = formats.for_path(name)
        return kind.with_reference(_joined(name, text), _now(name) or "", answers)
    return text


def _answers(number: str, name: str, text: str) -> set[str]:
    """What this notebook asks for in this file, and the learner has in place of a given draft."""
    asked = [each for each in material.notebook(number).exercises if each.path == name]
    now, given = _texts(_now(name) or ""), _texts(text)
    names = {each for exercise in asked for each in exercise.names}
    return {each for each in names & now.keys() & given.keys() if now[each] != given[each]}


def _was_given(number: str, name: str, text: str) -> bool:
    """Whether the file has a definition that only this notebook gives: its cell ran before."""
    before = _texts(material.files_before(number).get(name, ""))
    now = _texts(_now(name) or "")
    return any(now.get(key) == given != before.get(key) for key, given in _texts(text).items())


def _texts(source: str) -> dict[str, str]:
    """The text of each definition; none where Python cannot read it."""
    with contextlib.suppress(SyntaxError):
        return _read(source)
    return {}


def _read(source: str) -> dict[str, str]:
    return {part.key: part.text.strip() for part in definitions.read(source).parts}


def _joined(name: str, text: str) -> str:
    try:
        return formats.for_path(name).merge(_now(name) or "", text, drop_unused_imports=True)
    except SyntaxError:
        raise Problem(
            f"myapp/{name} does not parse, so nothing can be put into it. Mend it, and run again."
        ) from None


def _is_part(name: str, text: str) -> bool:
    return name.endswith(".py") and ast.get_docstring(ast.parse(text)) is None


def _about(name: str, text: str, made: str, own: set[str]) -> str:
    if _is_part(name, text):
        names = [part.key for part in definitions.read(text).parts if part.key.isidentifier()]
        return f"myapp/{name}: {', '.join(names)} put into it."
    said = f"myapp/{name}: {text.count(chr(10))} lines, given."
    if not own:
        return said
    mine = ", ".join(sorted(own))
    if made != text:
        return f"{said} Yours, still in it: {mine}."
    return f"{said} Yours, out of it now: {mine}. Back: ./wb undo"


def _also(name: str, names: list[str]) -> str:
    return f"myapp/{name}: {', '.join(names)} put into it: what is given now needs that."


def _now(name: str) -> str | None:
    path = paths.myapp() / name
    return path.read_text("utf-8", errors="replace") if path.exists() else None
