"""Python files merged by their definitions: those of a cell, or of the reference, into a file.

A file grows over several cells: each cell holds some top-level definitions, and merging them
replaces their namesakes and adds the rest at the end. What a cell does not define stays as it is.
"""

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from workbook.myapp import import_lines
from workbook.myapp.definitions import BLOCK, Part, PythonFile, for_effect, needed, read, used
from workbook.myapp.function_order import order_functions
from workbook.myapp.import_lines import Import

Seams = dict[tuple[object, object], str]
"""What stands between two neighbours of a file: empty lines, also where one is defined anew, and a
semicolon between these two texts only."""


def merge(old: str, new: str, drop_unused_imports: bool = False) -> str:
    """The old file with the new definitions in it; SyntaxError when either does not parse.

    Imports are joined. A new head with a docstring takes the place of the old one, and what the
    rest of the file needs is kept. With `drop_unused_imports`, imports that served only what is
    replaced go.
    """
    before, cell = read(old), read(new)
    parts = _placed(before.parts, cell.parts)
    gone = set[str]()
    if drop_unused_imports:
        gone = used(part for part in before.parts if part not in parts) - needed(parts)
    head = import_lines.without(before.head, lambda each: each.name in gone)
    head = _merged_head(head, cell, before.parts, parts)
    return _joined(head, parts, before, before.tail or cell.tail)


def left_out(old: str, new: str, merged: str) -> list[str]:
    """The imports of the file and of the cell that the merged file does not have."""
    stays = {each.line for each in import_lines.listed(read(merged).head)}
    heads = (read(old).head, read(new).head)
    lines = [each.line for head in heads for each in import_lines.listed(head)]
    return [line for line in dict.fromkeys(lines) if line not in stays]


def with_reference(learners: str, reference: str, names: set[str]) -> str:
    """The learner's file with the reference's definitions in place of these names.

    Where an import of theirs gives a name another meaning than the learner's file does, the
    reference's holds for the whole file.
    """
    own, other = read(learners), read(reference)
    lent = _with_what_they_need(names, other.parts, {n for part in own.parts for n in part.names})
    parts, every = _placed(own.parts, lent), import_lines.listed(other.head)
    need, effects = needed(lent), for_effect(reference)
    theirs = [each for each in every if each.name in need or each.line in effects]
    head = _without_displaced(own.head, theirs)
    lines = {each.line for each in every}
    head = import_lines.without(head, lambda each: each.line in lines)
    lacking = needed(parts) - {each.name for each in import_lines.listed(head)}
    more = [each for each in every if each in theirs or each.name in lacking]
    more.sort(key=lambda each: each.line not in effects)
    return _joined(_with_new(head, more), parts, own, own.tail)


def without(source: str, keys: set[str], imports: set[str] | None = None) -> str:
    """The file without the parts of these keys, and without imports that served only them.

    With `imports`, of those imports only these: others may be somebody else's.
    """
    file = read(source)
    kept = [part for part in file.parts if part.key not in keys]
    need, served = needed(kept), used(part for part in file.parts if part.key in keys)

    def unwanted(each: Import) -> bool:
        serves = each.name in served and (imports is None or each.key in imports)
        return each.name not in need and (serves or each.key in keys)

    head = import_lines.without(file.head, unwanted).strip("\n")
    return _joined(head, kept, file, file.tail)


# Definitions


def _placed(old: Iterable[Part], new: Iterable[Part]) -> list[Part]:
    """Namesakes in place; what the cell defines before one of them stays before it."""
    fresh = _numbered(new)
    named = {part.key for part in fresh.values() if part.names}
    placed, used_up = list[Part](), set[tuple[str, int]]()
    for place, part in _numbered(old).items():
        match = place if place in fresh else _covering(part, fresh)
        if match is None and part.key not in named:
            placed.append(part)
        elif match is not None and match not in used_up:
            fresh[match] = _instead(part, fresh[match])
            placed.append(fresh[match])
            used_up.add(match)
    _insert(placed, fresh, used_up)
    order_functions(placed, list(fresh.values()))
    return placed


def _numbered(parts: Iterable[Part]) -> dict[tuple[str, int], Part]:
    """The parts by key and count: a name may be defined again further down."""
    count, found = Counter[str](), dict[tuple[str, int], Part]()
    for part in parts:
        found[part.key, count[part.key]] = part
        count[part.key] += 1
    return found


def _covering(old: Part, fresh: dict[tuple[str, int], Part]) -> tuple[str, int] | None:
    """The new part that defines every name which an old one defines, and the old one no more."""
    covers = (place for place, new in fresh.items() if old.names <= new.names and _is_plain(new))
    return next(covers, None) if old.names and _is_plain(old) else None


def _is_plain(part: Part) -> bool:
    return all(isinstance(node, (*BLOCK, ast.Assign, ast.AnnAssign)) for node in part.nodes)


def _instead(old: Part, new: Part) -> Part:
    """The new part; comments of the file that an empty line parts from the old one stay."""
    return new if new.detached else replace(new, text=old.detached + new.text)


def _insert(
    placed: list[Part], fresh: dict[tuple[str, int], Part], known: set[tuple[str, int]]
) -> None:
    """New parts, before the next known one of their cell, else at the end.

    One that gives some names of an older part a new meaning comes after that.
    """
    places = list(fresh)
    for number, place in enumerate(places):
        if place not in known:
            part = fresh[place]
            later = (fresh[each] for each in places[number + 1 :] if each in known)
            older = [n for n, each in enumerate(placed, 1) if each.names & part.names]
            before = next((placed.index(each) for each in later), len(placed))
            placed.insert(max(before, *older, 0), part)


def _with_what_they_need(names: set[str], reference: Iterable[Part], own: set[str]) -> list[Part]:
    """The reference's parts of these names, with those they need and the learner does not have."""
    parts = list(reference)
    known = set().union(*(part.names for part in parts))
    while True:
        lent = [part for part in parts if part.key in names or part.names & names]
        more = used(lent) & known - own - names
        if not more:
            return lent
        names = names | more


# The head


def _merged_head(head: str, cell: PythonFile, before: tuple[Part, ...], parts: list[Part]) -> str:
    """The cell's head, where it has a docstring; else the file's, with the cell's imports.

    Of the file's imports those go that served only what the cell replaces, and where it replaces
    every definition, those that nothing uses. The cell's all stay: one that nothing uses may be
    there for what importing does.
    """
    new = list(import_lines.listed(cell.head))
    if ast.get_docstring(ast.parse(cell.head)) is None:
        return _with_new(_without_displaced(head, new), new)
    need, replaced = needed(parts), [part for part in before if part not in parts]
    old, gone = list(import_lines.listed(head)), used(replaced) - need
    if before and len(replaced) == len(before):
        gone |= {each.name for each in old if each.name} - need
    stay = [each for each in old if each.name not in gone]
    return _with_new(cell.head, [e for e in stay if not any(o.displaces(e) for o in new)])


def _without_displaced(head: str, by: list[Import]) -> str:
    return import_lines.without(head, lambda each: any(new.displaces(each) for new in by))


def _with_new(head: str, more: list[Import]) -> str:
    known = {each.key for each in import_lines.listed(head)}
    return import_lines.with_more(head, [each for each in more if each.key not in known])


# The text


def _joined(head: str, parts: list[Part], like: PythonFile, tail: str) -> str:
    """Head and parts as one file: what stands between neighbours of that file stays there."""
    seams, text = _seams(like), head
    before: Part | str = head
    for part in parts:
        known = next((seams[pair] for pair in _pairs(before, part) if pair in seams), None)
        text += (_usual_seam(before, part) if known is None else known) + part.text
        before = part
    return text + "\n" + (f"{tail}\n" if tail else "")


def _seams(file: PythonFile) -> Seams:
    found: Seams = {}
    ends = [file.head_end if file.head else "", *(part.end for part in file.parts)]
    befores: list[Part | str] = [file.head, *file.parts]
    for before, part, end in zip(befores, file.parts, ends, strict=False):
        itself, texts, names = _pairs(before, part)
        for pair in (itself, texts if end.strip() else names):
            found.setdefault(pair, end + part.gap)
    return found


def _pairs(before: Part | str, part: Part) -> list[tuple[object, object]]:
    """Two neighbours as they are, by their texts, and by their names and kinds."""
    return [(before, part), (_text(before), part.text), (_kind(before), _kind(part))]


def _text(part: Part | str) -> str:
    return part.text if isinstance(part, Part) else part


def _kind(part: Part | str) -> tuple[str, bool]:
    return (part.key, part.is_block) if isinstance(part, Part) else ("", bool(part))


def _usual_seam(before: Part | str, part: Part) -> str:
    """Two empty lines around functions and classes, one after the imports."""
    if not before:
        return ""
    if part.is_block or (isinstance(before, Part) and before.is_block):
        return "\n\n\n"
    return "\n" if isinstance(before, Part) else "\n\n"
