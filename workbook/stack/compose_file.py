"""A Compose file as data: what each service is, what it waits for, and how it ends.

It reads what the workbook's stack uses, as the Compose specification means it:
https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from workbook.base import yamls

VARIABLE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?])([^}]*))?\})")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")


class ComposeFileError(Exception):
    """The file cannot be used; the text says what is wrong, in a sentence."""


@dataclass(frozen=True)
class Health:
    """How Compose asks a container whether it is well; times are in seconds."""

    test: tuple[str, ...]
    """The command, without `CMD`; a shell's line is `/bin/sh -c LINE`."""
    interval: float = 30.0
    timeout: float = 30.0
    retries: int = 3
    start_period: float = 0.0


@dataclass(frozen=True)
class Service:
    """One service of a Compose file, with its variables filled in."""

    name: str
    image: str = ""
    build: str = ""
    command: tuple[str, ...] | None = None
    """As the container gets it; None leaves what the image says."""
    environment: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    """The services that it waits for, each with the condition."""
    health: Health | None = None
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    grace: float = 10.0
    """Seconds between SIGTERM and SIGKILL."""
    restart: str = "no"

    @property
    def postgres(self) -> int:
        """The major version of a Postgres image, 0 for any other service."""
        found = re.match(r"(?:.*/)?postgres:(\d+)", self.image)
        return int(found[1]) if found else 0


def services(text: str, variables: Mapping[str, str]) -> dict[str, Service]:
    """The services of this file, in its order; raises ComposeFileError."""
    try:
        whole = yamls.load(text)
    except yaml.YAMLError as error:
        raise ComposeFileError(f"it is not YAML: {' '.join(str(error).split())}") from None
    found = whole.get("services") if isinstance(whole, dict) else None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ComposeFileError("it has no `services:` with a block for each service")
    made = {name: _service(name, _filled(one, variables)) for name, one in found.items()}
    for each in made.values():
        _consistent(each, made, whole.get("volumes") or {})
    return made


def _consistent(service: Service, every: dict[str, Service], volumes: dict[str, Any]) -> None:
    for name, condition in service.after.items():
        if name not in every:
            raise ComposeFileError(
                f"`{service.name}` waits for `{name}`, and there is no such service"
            )
        if condition not in CONDITIONS:
            raise ComposeFileError(
                f"`{service.name}` waits for `{name}` to be `{condition}`: no such state"
            )
        if condition == "service_healthy" and every[name].health is None:
            raise ComposeFileError(
                f"`{service.name}` waits for a healthy `{name}`, which has no health check"
            )
    for volume in service.volumes:
        source = volume.partition(":")[0]
        if source[:1] not in "./~" and source not in volumes:
            raise ComposeFileError(
                f"the volume `{source}` of `{service.name}` is not under `volumes:`"
            )


def filled(text: str, variables: Mapping[str, str]) -> str:
    """The text with `$NAME`, `${NAME:-default}` and `${NAME:?sentence}` filled in.

    Raises ComposeFileError with the sentence of a variable that is missing.
    """

    def value(found: re.Match[str]) -> str:
        escaped, short, name, kind, rest = found.groups()
        if escaped:
            return "$"
        known = variables.get(short or name)
        missing = known is None or (known == "" and (kind or "").startswith(":"))
        if missing and (kind or "").endswith("?"):
            raise ComposeFileError(f"the variable {name} is not set: {rest}")
        return rest if missing and (kind or "").endswith("-") else known or ""

    return VARIABLE.sub(value, text)


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return filled(value, variables)
    if isinstance(value, list):
        return [_filled(each, variables) for each in value]
    if isinstance(value, dict):
        return {key: _filled(each, variables) for key, each in value.items()}
    return value


def _service(name: str, said: dict[str, Any]) -> Service:
    _shapes(name, said)
    build = said.get("build", "")
    return Service(
        name=name,
        image=str(said.get("image", "")),
        build=str(build.get("context", ".") if isinstance(build, dict) else build),
        command=_command(said.get("command")),
        environment=_environment(said.get("environment") or {}),
        after=_after(said.get("depends_on") or {}),
        health=_health(name, said.get("healthcheck")),
        ports=tuple(_port(each) for each in said.get("ports") or ()),
        volumes=tuple(_volume(each) for each in said.get("volumes") or ()),
        grace=_seconds(said.get("stop_grace_period", "10s"), f"stop_grace_period of {name}"),
        restart=str(said.get("restart", "no")),
    )


SHAPES = {
    "ports": (list, "a list"),
    "volumes": (list, "a list"),
    "depends_on": (list | dict, "a list or a block"),
    "environment": (list | dict, "a list or a block"),
    "healthcheck": (dict, "a block"),
}


def _shapes(name: str, said: dict[str, Any]) -> None:
    """Each part has the shape that Compose wants; ComposeFileError."""
    for key, (kind, words) in SHAPES.items():
        if said.get(key) is not None and not isinstance(said[key], kind):
            raise ComposeFileError(f"`{key}` of `{name}` has to be {words}")


def _port(said: Any) -> str:
    """`ADDRESS:PORT:TARGET`, from the long form too."""
    if isinstance(said, dict):
        said = ":".join(str(said[k]) for k in ("host_ip", "published", "target") if k in said)
    return str(said).removesuffix("/tcp")


def _volume(said: Any) -> str:
    """`SOURCE:TARGET`, from the long form too."""
    if isinstance(said, dict):
        return ":".join(str(said[key]) for key in ("source", "target") if key in said)
    return str(said)


def _command(said: Any) -> tuple[str, ...] | None:
    if said is None:
        return None
    return tuple(shlex.split(said) if isinstance(said, str) else map(str, said))


def _environment(said: Any) -> dict[str, str]:
    if isinstance(said, dict):
        return {str(name): "" if value is None else str(value) for name, value in said.items()}
    if wrong := next((each for each in said if not isinstance(each, str)), None):
        raise ComposeFileError(f"in a list, a variable is written NAME=value, and not {wrong!r}")
    return {each.partition("=")[0]: each.partition("=")[2] for each in said}


def _after(said: Any) -> dict[str, str]:
    if isinstance(said, list):
        return dict.fromkeys(map(str, said), "service_started")
    for name, value in said.items():
        if not isinstance(value, dict | None):
            raise ComposeFileError(
                f"under `{name}` of `depends_on` there has to be a block with `condition:`"
            )
    return {str(k): str((v or {}).get("condition", "service_started")) for k, v in said.items()}


def _health(name: str, said: Any) -> Health | None:
    test = said.get("test") if isinstance(said, dict) and not said.get("disable") else None
    if not test or test == ["NONE"]:
        return None
    what = f"of the health check of {name}"
    times = {
        key: _seconds(said[key], f"{key} {what}")
        for key in ("interval", "timeout", "start_period")
        if key in said
    }
    return Health(_test(name, test), retries=_number(name, said.get("retries", 3)), **times)


def _number(name: str, said: Any) -> int:
    if not isinstance(said, int):
        raise ComposeFileError(
            f"`retries` of the health check of {name} is {said!r}; it is a number"
        )
    return said


def _test(name: str, test: Any) -> tuple[str, ...]:
    """The command of a health check; a plain string is a line for the shell."""
    if isinstance(test, str):
        return ("/bin/sh", "-c", test)
    kind, *words = map(str, test)
    if kind not in ("CMD", "CMD-SHELL") or not words:
        raise ComposeFileError(
            f"the `test` of {name} is a list that does not begin with CMD or CMD-SHELL"
        )
    return tuple(words) if kind == "CMD" else ("/bin/sh", "-c", words[0])


def _seconds(said: Any, what: str) -> float:
    """A duration of the specification, such as `1m30s`, in seconds."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", str(said))
    if not parts or "".join(map("".join, parts)) != str(said):
        raise ComposeFileError(f"the {what} is {said!r}; a duration has a unit, such as 5s")
    return sum(float(number) * UNITS[unit] for number, unit in parts)
