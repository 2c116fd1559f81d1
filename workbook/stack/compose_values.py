"""Values of a Compose file as the specification means them: variables, durations, commands."""

import re
import shlex
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbook.stack.compose_error import ComposeFileError

NAMED = re.compile(r"\$(?:(?P<escaped>\$)|(?P<short>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*))")
OPERATOR = re.compile(r":?[-?+]")
UNITS = {"us": 1e-6, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def filled(text: str, variables: Mapping[str, str]) -> str:
    """The text with `$NAME`, `${NAME:-default}`, `${NAME:?sentence}`, `${NAME:+other}` filled in.

    A default may hold variables too. Raises ComposeFileError with the sentence of a variable that
    is missing.
    """
    made, position = "", 0
    while found := NAMED.search(text, position):
        made, position = made + text[position : found.start()], found.end()
        if found["escaped"]:
            made += "$"
        elif found["short"]:
            made += variables.get(found["short"], "")
        else:
            end = _closing(text, position)
            made += _value(found["name"], text[position:end], variables)
            position = end + 1
    return made + text[position:]


def _closing(text: str, begin: int) -> int:
    """Where the brace that was opened before this position is closed."""
    depth, position = 1, begin
    while position < len(text):
        if text.startswith("${", position):
            depth, position = depth + 1, position + 1
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return position
        position += 1
    raise ComposeFileError(f"the brace after `${{` is not closed in {text!r}")


def _value(name: str, rest: str, variables: Mapping[str, str]) -> str:
    """What `${NAME` and this rest stand for."""
    operator = OPERATOR.match(rest)
    if rest and not operator:
        raise ComposeFileError(f"`${{{name}{rest}}}` is no way to name a variable")
    known = variables.get(name)
    if not operator:
        return known or ""
    other, sign = rest[operator.end() :], operator[0][-1]
    missing = known is None or (known == "" and operator[0].startswith(":"))
    if sign == "+":
        return "" if missing else filled(other, variables)
    if missing and sign == "?":
        raise ComposeFileError(f"the variable {name} is not set: {filled(other, variables)}")
    return filled(other, variables) if missing else known or ""


def filled_in(value: Any, variables: Mapping[str, str]) -> Any:
    """The same with every text in it."""
    if isinstance(value, str):
        return filled(value, variables)
    if isinstance(value, list):
        return [filled_in(each, variables) for each in value]
    if isinstance(value, dict):
        return {key: filled_in(each, variables) for key, each in value.items()}
    return value


def as_text(value: Any) -> str:
    """A number or a boolean as the text that a container gets: as Go writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 2**63:
        value = float(value)
    if not isinstance(value, float):
        return "" if value is None else str(value)
    if value and not 1e-4 <= abs(value) < 1e6:
        digits, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
        return f"{digits}e{int(exponent):+03d}"
    plain = format(Decimal(repr(value)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def words(said: Any, what: str) -> tuple[str, ...] | None:
    """A command: a line cut into its words, or a list of them; None where nothing is said."""
    if said is None:
        return None
    if isinstance(said, list) and all(isinstance(each, str) for each in said):
        return tuple(said)
    if not isinstance(said, str):
        raise ComposeFileError(f"{what} is {_shown(said)}; it has to be a line or a list of texts")
    try:
        return tuple(shlex.split(said))
    except ValueError:
        raise ComposeFileError(f"in {what} a quotation mark is not closed: {said}") from None


def _shown(said: Any) -> str:
    """The value that is no text, as it was written."""
    if isinstance(said, list):
        return f"a list with {as_text(next(e for e in said if not isinstance(e, str)))} in it"
    return "a block" if isinstance(said, dict) else as_text(said)


def seconds(said: Any, what: str) -> float:
    """A duration of the specification, such as `1m30s`, in seconds."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(us|ms|s|m|h)", as_text(said))
    if not parts or "".join(map("".join, parts)) != as_text(said):
        shown = as_text(said)
        raise ComposeFileError(f"the {what} is {shown!r}; a duration has a unit, such as 5s")
    return sum(float(number) * UNITS[unit] for number, unit in parts)


def number(said: Any, what: str) -> int:
    """A whole number, which may be written as a text."""
    text = as_text(said)
    if not re.fullmatch(r"\d+", text):
        raise ComposeFileError(f"{what} is {text!r}; it is a number")
    return int(text)
