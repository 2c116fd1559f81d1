"""A text that says of each of its parts into which file of an app it goes: `# app/rules.py`."""

import re
from collections.abc import Mapping

from workbook.myapp import formats

MARK = re.compile(r"^# ((?:[\w-]+/)*[\w-]+\.(?:py|ini|toml|mako|yml|md))[ \t]*$", re.M)
"""A line that holds the path of a file and nothing else."""


def read(text: str) -> dict[str, str]:
    """Path → what stands under its mark; SyntaxError where that cannot be told."""
    before, *rest = MARK.split(text.replace("\r\n", "\n"))
    if any(line.strip() and not line.startswith("#") for line in before.splitlines()):
        raise SyntaxError("a line stands before the first mark, such as: # app/rules.py")
    found: dict[str, str] = {}
    for path, part in zip(rest[::2], rest[1::2], strict=True):
        if path in found:
            raise SyntaxError(f"{path} has two marks")
        found[path] = f"{part.strip()}\n"
    return found


def join(parts: Mapping[str, str]) -> str:
    """The text of these parts, each under the mark of its file: what `read` reads."""
    return "\n\n".join(f"# {path}\n{part}" for path, part in parts.items())


def put(texts: Mapping[str, str], text: str) -> dict[str, str]:
    """These files with the parts of a text in them, as `%%myapp` puts a cell into a file.

    Definitions replace their namesakes. SyntaxError where a part does not parse, or does not fit.
    """
    made = dict(texts)
    for path, part in read(text).items():
        made[path] = _merged(path, made.get(path, ""), part)
    return made


def _merged(path: str, old: str, part: str) -> str:
    kind = formats.for_path(path)
    try:
        kind.check_cell(part)
        return kind.merge(old, part)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise SyntaxError(f"the part for {path}{line}: {error.msg}") from None


def touches_an_app(text: str) -> bool:
    """Whether a part goes into a file that is no test."""
    return any(not path.startswith("tests/") for path in MARK.findall(text))
