"""Texts that are none of the words which a rule is to list: others that it lists, near misses."""

import re
from collections.abc import Iterable, Iterator

_LISTED = "which values does the rule list, and which are wanted?"
_WHOLE = "does the rule compare the whole text with a word, or a part of it, or its length?"


def other_words(words: Iterable[str], rule: str) -> Iterator[tuple[str, str]]:
    """Each text, with the question that leads to a rule which refuses it; `rule` is its SQL."""
    wanted = [*words]
    for each in re.findall(r"'([\w ]*)'", rule):
        if each not in wanted:
            yield each, _LISTED
    for word in wanted:
        for each in _near(word):
            yield each, _WHOLE


def _near(word: str) -> Iterator[str]:
    """Of the same length with other letters, longer, shorter, and with the letters turned round."""
    middle = len(word) // 2
    yield from ("x" * len(word), f"x{word[1:]}", f"{word[:-1]}x", word[::-1])
    yield from (f"{word[:middle]}x{word[middle:]}", f"x{word}", f"{word}x", word[:-1])
