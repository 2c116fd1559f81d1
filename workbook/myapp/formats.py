"""Files of the app as lists of named parts, whatever they are written in.

A Python file's parts are its definitions. A Compose file's are its services, and each entry of its
other sections. Any other file is one part, named as the exercise names it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import yaml

from workbook.base import yamls
from workbook.myapp import definitions as python
from workbook.myapp import tidy


class Text(Protocol):
    """How a kind of file is put together and taken apart; SyntaxError where it does not parse."""

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is not such a file."""

    def put(self, old: str, new: str) -> str:
        """The old file with the new parts in it."""

    def drop(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file without these parts."""

    def lend(self, learners: str, reference: str, names: set[str]) -> str:
        """The learner's file with the reference's parts in place of these names."""

    def keys(self, source: str) -> list[str]:
        """What a cell puts into a file."""

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """What these names mean, without comments and layout; {} when it does not parse."""

    def defined(self, source: str) -> list[str]:
        """The names of the parts; [] when it does not parse."""

    def for_effect(self, source: str) -> list[str]:
        """What a file does by being read, beside defining its parts."""


def of(path: str | None) -> Text:
    """How the file of this path is written; a cell of a notebook is Python."""
    if path is None or path.endswith(".py"):
        return Python()
    return Compose() if path.endswith((".yml", ".yaml")) else Whole()


class Python:
    """A file of Python's, by its top-level definitions."""

    drop = staticmethod(python.drop)
    lend = staticmethod(python.lend)
    keys = staticmethod(python.keys)
    definitions = staticmethod(python.definitions)
    defined = staticmethod(python.defined)
    for_effect = staticmethod(python.for_effect)

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is not Python."""
        python.split(source)

    def put(self, old: str, new: str) -> str:
        """The old file with the new definitions in it, its imports in order."""
        return tidy.imports(python.put(old, new))


class Whole:
    """A file that is one part."""

    def check(self, source: str) -> None:
        """Any text will do."""

    def put(self, old: str, new: str) -> str:
        """The new text."""
        return new

    def drop(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file as it is: it has no parts to drop."""
        return source

    def lend(self, learners: str, reference: str, names: set[str]) -> str:
        """The reference."""
        return reference

    def keys(self, source: str) -> list[str]:
        """No part has a name of its own."""
        return []

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """All names mean the whole, without comments and empty lines."""
        lines = [line.strip() for line in source.splitlines()]
        kept = "\n".join(line for line in lines if line and not line.startswith("#"))
        return dict.fromkeys(names, kept)

    def defined(self, source: str) -> list[str]:
        """No part has a name of its own."""
        return []

    def for_effect(self, source: str) -> list[str]:
        """Nothing."""
        return []


@dataclass(frozen=True)
class Block:
    """A service, or an entry of another section, with the comments above it."""

    section: str
    name: str
    text: str

    @property
    def key(self) -> str:
        """The service's name; the entry of another section has the section's in front."""
        return self.name if self.section == "services" else f"{self.section}.{self.name}"


class Compose:
    """A Compose file, by its services."""

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is no YAML with sections."""
        _blocks(source)

    def put(self, old: str, new: str) -> str:
        """Blocks in place of their namesakes, new ones after the others of their section."""
        fresh = {block.key: block for block in _blocks(new)}
        kept = [fresh.pop(block.key, block) for block in _blocks(old)]
        return _join([*kept, *fresh.values()], _head(new) or _head(old))

    def drop(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file without the blocks of these keys."""
        kept = [block for block in _blocks(source) if block.key not in keys]
        return _join(kept, _head(source)) if kept else ""

    def lend(self, learners: str, reference: str, names: set[str]) -> str:
        """The reference's services of these names, and its volumes where the learner has none."""
        own = {block.key for block in _blocks(learners)}
        lent = [b for b in _blocks(reference) if b.key in names or
                (b.section != "services" and b.key not in own)]  # fmt: skip
        return self.put(learners, _join(lent, ""))

    def keys(self, source: str) -> list[str]:
        """The services, and the entries of other sections."""
        return [block.key for block in _blocks(source)]

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """Each service as data."""
        try:
            blocks = _blocks(source)
        except SyntaxError:
            return {}
        return {each.key: _meaning(each.text) for each in blocks if each.key in names}

    def defined(self, source: str) -> list[str]:
        """The names of the services."""
        try:
            return sorted(block.name for block in _blocks(source) if block.section == "services")
        except SyntaxError:
            return []

    def for_effect(self, source: str) -> list[str]:
        """Nothing."""
        return []


@lru_cache(python.KEPT)
def _meaning(text: str) -> str:
    return repr(yamls.load(text))


@lru_cache(python.KEPT)
def _blocks(source: str) -> tuple[Block, ...]:
    lines, found = source.splitlines(), list[Block]()
    sections = _pairs(_root(source))
    ends = [*(_first(lines, key) for key, _ in sections[1:]), len(lines)]
    for (section, value), end in zip(sections, ends, strict=False):
        entries = _pairs(value)
        starts = [_first(lines, key) for key, _ in entries]
        for (name, inner), start, stop in zip(entries, starts, [*starts[1:], end], strict=False):
            flow = getattr(value, "flow_style", False)
            text = _flowing(source, name, inner) if flow else _indented(lines[start:stop], name)
            found.append(Block(str(section.value), str(name.value), text))
    return tuple(found)


def _flowing(source: str, name: yaml.Node, inner: yaml.Node) -> str:
    """An entry of a section in braces, as one of a block."""
    return f"  {source[name.start_mark.index : inner.end_mark.index]}".rstrip()


def _indented(lines: list[str], name: yaml.Node) -> str:
    """The lines of an entry, with its name two columns in."""
    shift = name.start_mark.column
    moved = [f"  {each[shift:]}" if not each[:shift].strip() else each for each in lines]
    return "\n".join(moved).rstrip()


def _root(source: str) -> yaml.Node | None:
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
        yamls.load(source)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = ("", mark.line + 1 if mark else 1, 0, None)
        raise SyntaxError(error.problem or "this is not YAML", where) from None
    except yaml.YAMLError as error:
        raise SyntaxError(" ".join(str(error).split())) from None
    if root is not None and not any(isinstance(v, yaml.MappingNode) for _, v in _pairs(root)):
        raise SyntaxError("a Compose file has sections, such as `services:`, with entries in them")
    return root


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _first(lines: list[str], key: yaml.Node) -> int:
    """The line where a block begins: that of its key, or of the comments right above it."""
    first: int = key.start_mark.line
    while first and re.match(r"\s+#", lines[first - 1]):
        first -= 1
    return first


def _head(source: str) -> str:
    """The comments at the top of a file."""
    found = re.match(r"(?:#.*\n|\s*\n)*", source)
    return found[0].strip("\n") if found else ""


def _join(blocks: list[Block], head: str) -> str:
    sections = dict.fromkeys(block.section for block in blocks)
    ordered = [*(s for s in sections if s == "services"), *(s for s in sections if s != "services")]
    text = [head] if head else []
    for section in ordered:
        own = [block.text for block in blocks if block.section == section]
        text.append(f"{section}:\n" + ("\n\n" if section == "services" else "\n").join(own))
    return "\n\n".join(text) + "\n"
