"""The health check of a service: what is asked, how often, and how many times in vain."""

from dataclasses import dataclass
from typing import Any

from workbook.stack.compose_error import ComposeFileError
from workbook.stack.compose_values import as_text, number, seconds


@dataclass(frozen=True)
class Health:
    """How Compose asks a container whether it is well; times are in seconds."""

    test: tuple[str, ...]
    """The command, without `CMD`; a shell's line is `/bin/sh -c LINE`."""
    interval: float = 30.0
    timeout: float = 30.0
    retries: int = 3
    start_period: float = 0.0


def read(name: str, said: Any) -> Health | None:
    """The health check of this service; None where there is none. Raises ComposeFileError."""
    test = said.get("test") if isinstance(said, dict) and not said.get("disable") else None
    if not test or test == ["NONE"]:
        return None
    what = f"of the health check of {name}"
    interval, timeout, start_period = (
        seconds(said.get(key, usual), f"{key} {what}")
        for key, usual in (("interval", "30s"), ("timeout", "30s"), ("start_period", "0s"))
    )
    retries = number(said.get("retries", 3), f"`retries` {what}")
    return Health(_test(name, test), interval, timeout, retries, start_period)


def _test(name: str, test: Any) -> tuple[str, ...]:
    """The command of a health check; a plain string is a line for the shell."""
    if isinstance(test, str):
        return ("/bin/sh", "-c", test)
    kind, *rest = map(as_text, test) if isinstance(test, list) else [""]
    if kind not in ("CMD", "CMD-SHELL") or not rest:
        raise ComposeFileError(
            f"the `test` of {name} is a list that does not begin with CMD or CMD-SHELL"
        )
    return tuple(rest) if kind == "CMD" else ("/bin/sh", "-c", rest[0])
