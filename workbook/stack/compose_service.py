"""One service of a Compose file, from the block that stands there."""

import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook.stack import compose_health, env_file
from workbook.stack.compose_error import ComposeFileError, NotReadError
from workbook.stack.compose_health import Health
from workbook.stack.compose_values import as_text, seconds, words

SECRETS = "/run/secrets/"
RESTARTS = {"any": "always", "none": "no"}
"""What a `condition` of `restart_policy` is as a `restart`."""


@dataclass(frozen=True)
class Service:
    """One service of a Compose file, with its variables filled in."""

    name: str
    image: str = ""
    build: str = ""
    entrypoint: tuple[str, ...] | None = None
    """In place of the image's ENTRYPOINT, whose CMD is gone too; None leaves both."""
    command: tuple[str, ...] | None = None
    """As the container gets it; None leaves what the image says."""
    environment: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    """The services that it waits for, each with the condition."""
    health: Health | None = None
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    grace: float = 10.0
    """Seconds between the stop signal and SIGKILL."""
    restart: str = "no"
    stop_signal: str = ""
    """Empty leaves what the image says."""
    secrets: dict[str, str] = field(default_factory=dict)
    """What is in each file that is mounted as a secret, by its path."""
    networks: tuple[str, ...] = ("default",)

    @property
    def postgres(self) -> int:
        """The major version of a Postgres image, 0 for any other service."""
        found = re.match(r"(?:.*/)?postgres:(\d+)", self.image)
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class Surroundings:
    """What a service is read with."""

    variables: Mapping[str, str]
    """Those of `.env`."""
    folder: Path
    secrets: Mapping[str, Any]
    """The file's own section of that name."""


def service(name: str, said: dict[str, Any], around: Surroundings) -> Service:
    """The service as data; ComposeFileError."""
    _shapes(name, said)
    return Service(
        name=name,
        image=as_text(said.get("image", "")),
        build=_build(name, said.get("build", "")),
        entrypoint=words(said.get("entrypoint"), f"`entrypoint` of `{name}`"),
        command=words(said.get("command"), f"`command` of `{name}`"),
        environment=_environment(name, said, around),
        after=_after(said.get("depends_on") or {}),
        health=compose_health.read(name, said.get("healthcheck")),
        ports=tuple(_port(name, each) for each in said.get("ports") or ()),
        volumes=tuple(_volume(each) for each in said.get("volumes") or ()),
        grace=seconds(said.get("stop_grace_period", "10s"), f"stop_grace_period of {name}"),
        restart=_restart(said),
        stop_signal=_signal(name, as_text(said.get("stop_signal", ""))),
        secrets=dict(_secret(name, each, around) for each in said.get("secrets") or ()),
        networks=_networks(name, said.get("networks")),
    )


SHAPES = {
    "ports": (list, "a list"),
    "volumes": (list, "a list"),
    "secrets": (list, "a list"),
    "networks": (list | dict, "a list or a block"),
    "depends_on": (list | dict, "a list or a block"),
    "environment": (list | dict, "a list or a block"),
    "healthcheck": (dict, "a block"),
    "deploy": (dict, "a block"),
    "build": (str | dict, "a folder or a block"),
}


def _shapes(name: str, said: dict[str, Any]) -> None:
    """Each part has the shape that Compose wants; ComposeFileError."""
    for key, (kind, shape) in SHAPES.items():
        if said.get(key) is not None and not isinstance(said[key], kind):
            raise ComposeFileError(f"`{key}` of `{name}` has to be {shape}")


def _build(name: str, said: Any) -> str:
    block = said if isinstance(said, dict) else {"context": said}
    context, file = as_text(block.get("context", ".")), as_text(block.get("dockerfile", ""))
    if context and Path(context) != Path():
        raise NotReadError(f"another folder, `{context}`, in `build` of `{name}`")
    if file and Path(file) != Path("Dockerfile"):
        raise NotReadError(f"another Dockerfile, `{file}`, in `build` of `{name}`")
    return context


def _port(name: str, said: Any) -> str:
    """`ADDRESS:PORT:TARGET`, from the long form too."""
    if isinstance(said, dict):
        keys = ("host_ip", "published", "target")
        said = ":".join(as_text(said[key]) for key in keys if key in said)
    text = as_text(said)
    *_, ports = re.split(r"\]:|(?:\d+\.){3}\d+:", text.removesuffix("/tcp").removesuffix("/udp"))
    if not re.fullmatch(r"(?:\d*(?:-\d+)?:)?\d+(?:-\d+)?", ports):
        raise ComposeFileError(f"`ports` of `{name}` has {text}, which is no port")
    return text.removesuffix("/tcp")


def _volume(said: Any) -> str:
    """`SOURCE:TARGET`, from the long form too; a source that begins with `.` is a folder here."""
    if not isinstance(said, dict):
        return as_text(said)
    source, target = as_text(said.get("source", "")), as_text(said.get("target", ""))
    if said.get("type") == "bind" and source[:1] not in ("/", ".", "~"):
        source = f"./{source}"
    return f"{source}:{target}" if source else target


def _environment(name: str, said: dict[str, Any], around: Surroundings) -> dict[str, str]:
    """The variables of its files and its own; one without a value has that of `.env`, if any."""
    files, own = said.get("env_file"), said.get("environment") or {}
    found = env_file.variables_of(files or [], around.variables, around.folder, name)
    if isinstance(own, list):
        if wrong := next((each for each in own if not isinstance(each, str)), None):
            raise ComposeFileError(
                f"in a list, a variable is written NAME=value, and not {wrong!r}"
            )
        pairs = (each.partition("=") for each in own)
        own = {key: value if sign else None for key, sign, value in pairs}
    if wrong := next((key for key, value in own.items() if isinstance(value, list | dict)), None):
        raise ComposeFileError(
            f"`{wrong}` in `environment` of `{name}` has to be a text or a number"
        )
    known = around.variables
    given = {str(key): known.get(str(key)) if value is None else as_text(value)
             for key, value in own.items()}  # fmt: skip
    return found | {key: value for key, value in given.items() if value is not None}


def _after(said: Any) -> dict[str, str]:
    if isinstance(said, list):
        return dict.fromkeys(map(str, said), "service_started")
    for name, value in said.items():
        if not isinstance(value, dict | None):
            raise ComposeFileError(
                f"under `{name}` of `depends_on` there has to be a block with `condition:`"
            )
    return {str(k): str((v or {}).get("condition", "service_started")) for k, v in said.items()}


def _restart(said: dict[str, Any]) -> str:
    """What starts it again; a `restart_policy` goes before `restart`."""
    policy = (said.get("deploy") or {}).get("restart_policy")
    if isinstance(policy, dict):
        condition = as_text(policy.get("condition", "any"))
        return RESTARTS.get(condition, condition)
    return as_text(said.get("restart", "no"))


def _signal(name: str, said: str) -> str:
    """The signal's name, as in `SIGINT`; empty where nothing is said."""
    known = {each.name: each for each in signal.Signals}
    wanted = f"SIG{said.upper().removeprefix('SIG')}"
    numbers = {str(each.value): key for key, each in known.items()}
    if said and wanted not in known and said not in numbers:
        raise ComposeFileError(f"`stop_signal` of `{name}` is {said}, which is no signal")
    return (wanted if wanted in known else numbers[said]) if said else ""


def _networks(name: str, said: Any) -> tuple[str, ...]:
    for key, value in said.items() if isinstance(said, dict) else ():
        if isinstance(value, dict) and "aliases" in value:
            raise NotReadError(f"`aliases` of `{name}` in the network `{key}`")
    return tuple(map(str, said)) if said else ("default",)


def _secret(name: str, said: Any, around: Surroundings) -> tuple[str, str]:
    """Where a secret is mounted, and what is in it."""
    block = said if isinstance(said, dict) else {"source": said}
    source = as_text(block.get("source", ""))
    target = as_text(block.get("target", source))
    given = around.secrets.get(source)
    if not isinstance(given, dict):
        raise ComposeFileError(f"the secret `{source}` of `{name}` is not under `secrets:`")
    return target if target.startswith("/") else SECRETS + target, _content(source, given, around)


def _content(source: str, given: Mapping[str, Any], around: Surroundings) -> str:
    if "environment" in given:
        variable = as_text(given["environment"])
        if variable not in around.variables:
            raise ComposeFileError(f"the secret `{source}` wants the variable {variable}")
        return around.variables[variable]
    if "file" not in given:
        raise NotReadError(f"the secret `{source}`, which is neither a file nor a variable")
    path = around.folder / as_text(given["file"])
    if not path.is_file():
        raise ComposeFileError(f"the secret `{source}`: there is no file {given['file']}")
    return path.read_text("utf-8")
