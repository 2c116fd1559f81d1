"""A Compose file cut at its keys: the parser of YAML tells where they are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import yaml

from workbook.base import yamls
from workbook.myapp.formats.compose_text import ComposeText, Entry, Section

KEPT = 512
"""How many texts are remembered with their sections."""
PROPERTIES = re.compile(r"\s*:[ \t]*((?:[&!]\S*\s*)*)")
"""What stands between a key and its value: an anchor, a tag."""

Keys = list[tuple[yaml.ScalarNode, yaml.Node]]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Lets an alias be whose anchor is not there: what defines it may be about to be merged."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node; an empty one for such an alias."""
        if self.check_event(yaml.AliasEvent) and self.peek_event().anchor not in self.anchors:
            event = self.get_event()
            return yaml.ScalarNode("tag:yaml.org,2002:str", "", event.start_mark, event.end_mark)
        return super().compose_node(parent, index)


@lru_cache(KEPT)
def data(source: str) -> dict[str, Any]:
    """The file as data; SyntaxError where it is no YAML, or uses an anchor that is not there."""
    with _syntax_errors():
        found = yamls.load(source)
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


@lru_cache(KEPT)
def read(source: str) -> ComposeText:
    """The file in its sections; SyntaxError where it is no YAML with sections."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    with _syntax_errors():
        root = yaml.compose(source, Loader=_Loader)
    if root is None:
        return ComposeText(f"{source.strip()}\n\n" if source.strip() else "", (), "")
    if not any(isinstance(value, yaml.MappingNode) for _, value in _keys(root)):
        raise SyntaxError("a Compose file has sections, such as `services:`, with entries in them")
    if root.flow_style:
        return read(yaml.safe_dump(data(source), sort_keys=False))
    return _Cutter(source).file(root)


@contextmanager
def _syntax_errors() -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = ("", mark.line + 1 if mark else 1, 0, None)
        raise SyntaxError(yamls.plainly(error.problem or "this is not YAML"), where) from None
    except yaml.YAMLError as error:
        raise SyntaxError(" ".join(str(error).split())) from None


def _keys(node: yaml.Node | None) -> Keys:
    found = list(node.value) if isinstance(node, yaml.MappingNode) else []
    for number, (key, _) in enumerate(found):
        if key.value in [before.value for before, _ in found[:number]]:
            raise SyntaxError(f"{key.value} is there twice", ("", key.start_mark.line + 1, 0, None))
    return found


class _Cutter:
    """Cuts one text; a piece of it is the number of its first line, and of that after its last."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.split("\n")

    def file(self, root: yaml.MappingNode) -> ComposeText:
        """The file, with its comments at the top and at the end."""
        keys, stop = _keys(root), len(self._lines)
        top = self._line(keys[0][0])
        pieces = self._pieces(keys, top, stop)
        sections = [self._section(*pair, *piece) for pair, piece in zip(keys, pieces, strict=True)]
        head = "".join(f"{line}\n" for line in self._lines[:top]).lstrip("\n")
        return ComposeText(head, tuple(sections), self._text(pieces[-1][1], stop).rstrip())

    def _section(self, key: yaml.ScalarNode, value: yaml.Node, first: int, end: int) -> Section:
        after = PROPERTIES.match(self._source, key.end_mark.index)
        anchor = after[1].strip() if after else ""
        alias = after is not None and self._source.startswith("*", after.end())
        text = self._text(first, end)
        made = Section(
            key.value,
            text.lstrip("\n"),
            has_value=alias or bool(value.value and not value.tag.endswith(":null")),
            anchor=anchor,
            gap=len(text) - len(text.lstrip("\n")),
        )
        if alias or not _keys(value):
            return made
        return self._flow(made, value) if value.flow_style else self._block(made, value, end)

    def _block(self, section: Section, value: yaml.Node, end: int) -> Section:
        """A section with its entries below each other."""
        names = _keys(value)
        first, column = self._line(names[0][0]), names[0][0].start_mark.column
        while self._is_between(self._lines[first - 1], column):
            first -= 1
        while not self._lines[first].strip():
            first += 1
        pieces = self._pieces(names, first, end)
        entries = [
            self._entry(name.value, column, *piece)
            for (name, _), piece in zip(names, pieces, strict=True)
        ]
        opening = self._lines[end - len(section.text.split("\n")) : first]
        tail = self._text(pieces[-1][1], end)
        return replace(section, opening="\n".join(opening), entries=tuple(entries), tail=tail)

    def _entry(self, name: str, column: int, first: int, end: int) -> Entry:
        text = self._text(first, end)
        return Entry(name, text.lstrip("\n"), column, len(text) - len(text.lstrip("\n")))

    def _flow(self, section: Section, value: yaml.Node) -> Section:
        """A section in braces, its entries as those of a block."""
        names = _keys(value)
        begins = [name.start_mark.index for name, _ in names]
        texts = [self._source[a:b] for a, b in pairwise([*begins, value.end_mark.index - 1])]
        entries = [
            Entry(name.value, "  " + text.rstrip().removesuffix(",").rstrip())
            for (name, _), text in zip(names, texts, strict=True)
        ]
        opening = f"{section.comments}{section.name}: {section.anchor}".rstrip()
        return replace(section, opening=opening, entries=tuple(entries))

    def _pieces(self, keys: Keys, first: int, stop: int) -> list[tuple[int, int]]:
        """The lines of each key, with what is between it and the one before; comments at the end
        of the last one that are no further in than the key belong to nobody.
        """
        starts, column = [self._line(key) for key, _ in keys], keys[0][0].start_mark.column
        ends = [self._end(a, b, column) for a, b in pairwise([*starts, stop])]
        return list(zip([first, *ends[:-1]], ends, strict=True))

    def _end(self, start: int, stop: int, column: int) -> int:
        while stop > start + 1 and self._is_between(self._lines[stop - 1], column):
            stop -= 1
        return stop

    @staticmethod
    def _is_between(line: str, column: int) -> bool:
        """Whether it is empty, or a comment no further in than the keys."""
        text = line.lstrip()
        return not text or (text.startswith("#") and len(line) - len(text) <= column)

    def _line(self, node: yaml.Node) -> int:
        return self._source.count("\n", 0, node.start_mark.index)

    def _text(self, first: int, end: int) -> str:
        return "\n".join(self._lines[first:end])
