"""Files of variables, as `env_file` names them: `.env`, or another one beside the Compose file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.stack.compose_error import ComposeFileError, NotReadError
from workbook.stack.compose_values import filled

LINE = re.compile(
    r"""(?:export\s+)?(?P<name>[\w.-]+)\s*[=:]\s*
        (?: '(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | (?P<plain>.*?) )
        (?:\s+\#.*)?\s*""",
    re.VERBOSE,
)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def variables_of(said: Any, known: Mapping[str, str], folder: Path, service: str) -> dict[str, str]:
    """What the files of an `env_file` say, later ones in place of earlier ones.

    `known` are the variables of `.env`; where it is empty, there is no such file.
    """
    found: dict[str, str] = {}
    for each in said if isinstance(said, list) else [said]:
        path, required = _entry(each, service)
        if Path(path) == Path(".env"):
            text_there, values = bool(known), dict(known)
        else:
            text_there = (folder / path).is_file()
            values = _read(folder / path, found | dict(known)) if text_there else {}
        if required and not text_there:
            raise ComposeFileError(f"`env_file` of `{service}`: there is no {path}")
        found |= values
    return found


def _entry(said: Any, service: str) -> tuple[str, bool]:
    if isinstance(said, str):
        return said, True
    if not isinstance(said, dict) or not isinstance(said.get("path"), str):
        raise ComposeFileError(f"`env_file` of `{service}` has to be a path, or a list of them")
    if "format" in said:
        raise NotReadError(f"`format` in `env_file` of `{service}`")
    return said["path"], said.get("required", True) is not False


def _read(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        parts = LINE.fullmatch(text)
        if parts:
            found[parts["name"]] = _value(parts, {**known, **found})
        elif text.removeprefix("export ") in known:
            found[text] = known[text]
    return found


def _value(parts: re.Match[str], known: Mapping[str, str]) -> str:
    if parts["single"] is not None:
        return parts["single"]
    if parts["double"] is None:
        return filled(parts["plain"], known)
    text = re.sub(r"\\(.)", lambda one: ESCAPED.get(one[1], one[1]), parts["double"])
    return filled(text, known)
