"""Which files of the app's folder a build gets to see: the rules of a `.dockerignore`."""

import functools
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from workbook.stack import path_patterns
from workbook.stack.dockerfile import DockerfileError


def ignores(rules: str, path: str) -> bool:
    """Whether these rules keep this file out of the build; raises DockerfileError.

    The last rule that matches the file wins. What a rule has done to a folder it has done to all
    that is in it, and an exception (`!`) only takes back what rules before it have kept out.
    """
    every = _parsed(rules)
    matched, out = [False] * len(every), False
    for each in reversed([PurePosixPath(path), *PurePosixPath(path).parents][:-1]):
        out = False
        for number, (exception, pattern) in enumerate(every):
            fits = exception == out and pattern.fullmatch(str(each)) is not None
            matched[number] = matched[number] or fits
            out = not exception if matched[number] else out
    return out


@functools.cache
def _parsed(rules: str) -> list[tuple[bool, re.Pattern[str]]]:
    try:
        return list(_each(rules))
    except path_patterns.PatternError as error:
        raise DockerfileError(f"`{error}` in .dockerignore is no pattern") from None


def _each(rules: str) -> Iterator[tuple[bool, re.Pattern[str]]]:
    """Each rule: whether it is an exception, and what it matches."""
    for line in rules.removeprefix("\ufeff").splitlines():
        rule = line.strip()
        if not rule or line.startswith("#"):
            continue
        pattern = rule.removeprefix("!").strip()
        if not pattern:
            raise path_patterns.PatternError(rule)
        yield (
            rule.startswith("!"),
            path_patterns.compiled(path_patterns.cleaned(pattern), deep=True),
        )
