"""Which sentences about an error say nothing of what a later notebook explains.

`material/words.json` has the terms of the glossary and the names that code imports, each with the
notebook that brings it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from workbook import material

_CODE = re.compile(r"`([^`]*)`")
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z`])")


@dataclass(frozen=True)
class Word:
    """A term in its forms, or a name of code, and the notebook that brings it."""

    forms: tuple[str, ...]
    but: tuple[str, ...]
    lesson: str
    is_code: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The word in any of its forms; in prose at the beginning of a sentence too."""
        forms = "|".join(map(re.escape, sorted(self.forms, key=len, reverse=True)))
        if self.is_code:
            return re.compile(rf"(?:^|(?<=[\s(@.\[]))(?:{forms})(?=[(.\[]|$)")
        return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.I)

    def stands_in(self, prose: str, code: Sequence[str]) -> bool:
        """Whether a text has it, of which this is the prose and those are the spans of code."""
        if self.is_code:
            return any(map(self.pattern.search, code))
        for phrase in self.but:
            prose = re.sub(re.escape(phrase), "", prose, flags=re.I)
        return self.pattern.search(prose) is not None


def is_known(text: str, notebook: str) -> bool:
    """Whether nothing in the text is of a notebook behind this one (two digits; empty: of none)."""
    prose, code = _CODE.sub("``", text), _CODE.findall(text)
    later = [each for each in _words(*_file()) if notebook and each.lesson > notebook]
    return not any(each.stands_in(prose, code) for each in later)


def known_part(text: str, notebook: str) -> str:
    """The sentences of the text that say nothing of a later notebook."""
    return " ".join(each for each in _SENTENCE.split(text) if is_known(each, notebook))


def known_first(texts: Sequence[str], notebook: str) -> tuple[list[str], list[str]]:
    """The texts that say nothing of a later notebook, and the others."""
    known = [each for each in texts if is_known(each, notebook)]
    return known, [each for each in texts if each not in known]


def _file() -> tuple[Path, int]:
    path = material.folder() / material.WORDS
    return path, path.stat().st_mtime_ns if path.exists() else 0


@cache
def _words(path: Path, modified: int) -> tuple[Word, ...]:
    raw = material.parsed(path.read_text("utf-8"), str(path)) if modified else []
    return tuple(Word(**{**each, **_tuples(each)}) for each in raw)


def _tuples(raw: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(raw[key]) for key in ("forms", "but")}
