"""What given files take from their neighbours, and a learner's older neighbour does not have yet.

Whoever wrote `app/rules.py` before a notebook asked more of it has no `to_page`; the routers that a
later notebook gives call it. So a given file brings what the notebooks give beside the exercises.
"""

import ast
from collections import defaultdict

from workbook import material
from workbook.base import paths
from workbook.myapp import definitions, formats

Names = dict[str, set[str]]
"""Path under `myapp/` → names at its top level."""


def lacking(number: str, given: dict[str, str]) -> dict[str, tuple[list[str], str]]:
    """Neighbours of these given texts that lack something: which names, and the text with them.

    An exercise's names are the learner's business, and what the open notebook gives has its cell.
    """
    book = material.notebook(number)
    reference = material.files_before(number) | book.files
    found = {}
    for path, names in sorted(_taken(given, set(reference)).items()):
        own = given.get(path) or _own(path)
        if own is not None and path not in book.given:
            has = set(definitions.defined(own)) | _exercises(number, path)
            names &= set(definitions.defined(reference[path])) - has
            if names and definitions.defined(own):
                text = formats.for_path(path).with_reference(own, reference[path], names)
                found[path] = sorted(set(definitions.defined(text)) - has), text
    return found


def _taken(texts: dict[str, str], paths_there: set[str]) -> Names:
    taken: Names = defaultdict(set)
    for path, text in texts.items():
        if path.endswith(".py"):
            for name, names in _taken_by(ast.parse(text), paths_there).items():
                taken[name] |= names
    return taken


def _taken_by(tree: ast.Module, paths_there: set[str]) -> Names:
    """What one file imports by name, and which attributes of modules it mentions."""
    taken, modules = defaultdict[str, set[str]](set), dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            folder = (node.module or "").replace(".", "/")
            for alias in node.names:
                if (module := f"{folder}/{alias.name}.py") in paths_there:
                    modules[alias.asname or alias.name] = module
                elif f"{folder}.py" in paths_there:
                    taken[f"{folder}.py"].add(alias.name)
    attributes = [each for each in ast.walk(tree) if isinstance(each, ast.Attribute)]
    for each in attributes:
        if isinstance(each.value, ast.Name) and each.value.id in modules:
            taken[modules[each.value.id]].add(each.attr)
    return taken


def _exercises(number: str, path: str) -> set[str]:
    books = [each for each in material.notebooks() if each.number <= number]
    asked = [each for book in books for each in book.exercises if each.path == path]
    return {name for exercise in asked for name in exercise.names}


def _own(path: str) -> str | None:
    file = paths.myapp() / path
    return file.read_text("utf-8", errors="replace") if file.exists() else None
