"""A Compose file as data: what each service is, what it waits for, and how it ends.

It reads what the workbook's stack uses, as the Compose specification means it, and refuses what it
does not read: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.stack import compose_keys, compose_yaml
from workbook.stack.compose_error import ComposeFileError, NotReadError
from workbook.stack.compose_extends import extended
from workbook.stack.compose_health import Health
from workbook.stack.compose_service import Service, Surroundings, service
from workbook.stack.compose_values import filled, filled_in

__all__ = [
    "ComposeFileError", "Health", "NotReadError", "Service", "filled", "services",
]  # fmt: skip

CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")


def services(text: str, variables: Mapping[str, str], folder: Path = Path()) -> dict[str, Service]:
    """The services of this file that `docker compose up` starts, in its order.

    `variables` are those of `.env`; where there are none, there is no such file. Raises
    ComposeFileError.
    """
    whole = compose_yaml.load(text)
    found = whole.get("services") if isinstance(whole, dict) else None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ComposeFileError("it has no `services:` with a block for each service")
    compose_keys.look_at_the_top(whole)
    sections = {name: _block(whole, name) for name in ("volumes", "secrets", "networks")}
    around = Surroundings(variables, folder, filled_in(sections["secrets"], variables))
    started, made = {}, {}
    for name in map(str, found):
        compose_keys.look(name, said := extended(name, found))
        if not said.get("profiles"):
            started[name] = filled_in(said, variables)
    for name, said in started.items():
        made[name] = service(name, said, around)
    for each in made.values():
        _consistent(each, made, set(map(str, found)) - set(started), sections)
    return made


def _block(whole: dict[str, Any], name: str) -> dict[str, Any]:
    found = whole.get(name) or {}
    if not isinstance(found, dict):
        raise ComposeFileError(f"`{name}:` has to be a block")
    return found


def _consistent(
    service: Service, every: dict[str, Service], idle: set[str], sections: dict[str, Any]
) -> None:
    for name, condition in service.after.items():
        _can_wait(service, name, condition, every, idle)
    for volume in service.volumes:
        source = volume.partition(":")[0] if ":" in volume else "."
        if source[:1] not in "./~" and source not in sections["volumes"]:
            raise ComposeFileError(
                f"the volume `{source}` of `{service.name}` is not under `volumes:`"
            )
    for network in service.networks:
        if network not in {*sections["networks"], "default"}:
            raise ComposeFileError(
                f"the network `{network}` of `{service.name}` is not under `networks:`"
            )
    if not (service.image or service.build):
        raise ComposeFileError(f"`{service.name}` has neither `image` nor `build`")


def _can_wait(
    service: Service, name: str, condition: str, every: dict[str, Service], idle: set[str]
) -> None:
    waits = f"`{service.name}` waits for"
    if name in idle:
        raise ComposeFileError(f"{waits} `{name}`, which has a profile and is not started")
    if name not in every:
        raise ComposeFileError(f"{waits} `{name}`, and there is no such service")
    if condition not in CONDITIONS:
        raise ComposeFileError(f"{waits} `{name}` to be `{condition}`: no such state")
    if condition == "service_healthy" and every[name].health is None:
        raise ComposeFileError(f"{waits} a healthy `{name}`, which has no health check")
