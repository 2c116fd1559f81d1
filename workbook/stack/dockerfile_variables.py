"""What ARG and ENV give a value to, and the instructions of a Dockerfile with the values put in."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace

from workbook.stack.dockerfile_text import DockerfileError, Mount, Step

VARIABLE = re.compile(r"\\(\$)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})")
OTHER = re.compile(r"(?<!\\)\$\{[A-Za-z_]\w*[^}\w:+?-]")
FILLED = {
    *("ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "STOPSIGNAL", "USER", "VOLUME"),
    "WORKDIR",
}
"""The instructions in which the builder puts values; in a RUN or CMD the shell does."""
OF_THE_BASE = {"PATH", "HOME", "LANG", "PYTHON_VERSION", "PYTHONPATH", "LD_LIBRARY_PATH"}
"""Variables that the base image may bring, with values that a Dockerfile does not say."""

Values = dict[str, str]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; those of the base image stay as they are written."""
    if OTHER.search(text):
        raise DockerfileError(f"this workbook does not read the variable in `{text}`; Docker does")

    def value(found: re.Match[str]) -> str:
        escaped, short, name, operator, rest = found.groups()
        known = values.get(short or name or "")
        if escaped:
            return "$"
        if known is None and (short or name) in OF_THE_BASE:
            return found[0]
        missing = known is None or (not known and (operator or "").startswith(":"))
        sign = (operator or " ")[-1]
        if sign == "+":
            return "" if missing else filled(rest, values)
        if sign == "?" and missing:
            raise DockerfileError(f"the variable {name} has no value: {rest}")
        return filled(rest, values) if sign == "-" and missing else known or ""

    return VARIABLE.sub(value, text)


def put_in(step: Step, values: Mapping[str, str]) -> Step:
    """The instruction with these values in it."""
    if step.kind == "RUN":
        return replace(step, mounts=tuple(_mount(each, values) for each in step.mounts))
    if step.kind not in FILLED:
        return step
    options = {name: filled(value, values) for name, value in step.options.items()}
    return replace(step, rest=filled(step.rest, values), options=options)


def _mount(mount: Mount, values: Mapping[str, str]) -> Mount:
    source, target = filled(mount.source, values), filled(mount.target, values)
    return replace(mount, source=source, target=target)


def given_by(step: Step, outside: Mapping[str, str]) -> Values:
    """What an ARG or an ENV gives a value to; an ARG without one has that from before FROM."""
    pairs = _pairs(step)
    if step.kind == "ARG":
        return {name: outside.get(name, "") if value is None else value
                for name, value in pairs.items()}  # fmt: skip
    return {name: value or "" for name, value in pairs.items()}


def _pairs(step: Step) -> dict[str, str | None]:
    try:
        words = shlex.split(step.rest)
    except ValueError:
        raise DockerfileError(f"in `{step}` a quotation mark is not closed") from None
    if step.kind == "ENV" and words and "=" not in words[0]:
        name, _, value = step.rest.partition(" ")
        return {name: value.strip()}
    split = [word.partition("=") for word in words]
    return {name: value if sign else None for name, sign, value in split}
