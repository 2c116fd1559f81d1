"""What an engine says of its containers, in our words."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workbook.stack.state import Kind, LogLine, State

WITH_HEALTH: dict[str, Kind] = {
    "starting": "starting", "healthy": "healthy", "unhealthy": "unhealthy"}  # fmt: skip


class Inspector:
    """Reads what `docker inspect` says, again and again.

    It counts each no of a health check by its container and its moment: the engine keeps the last
    five answers and forgets the others.
    """

    def __init__(self) -> None:
        self._refusals: set[tuple[str, str]] = set()

    def states(self, inspected: str) -> dict[str, State]:
        """The state of each container, by its whole id."""
        every = json.loads(inspected or "[]")
        for each in every:
            self._refusals |= {(each["Id"], moment) for moment in _refusals(each["State"])}
        counts = Counter(container for container, _ in self._refusals)
        return {each["Id"]: _state(each["State"], counts[each["Id"]]) for each in every}


def _refusals(inspected: Mapping[str, Any]) -> list[str]:
    """When a health check said no, of the last five times that it was asked."""
    log = (inspected.get("Health") or {}).get("Log") or []
    return [each["Start"] for each in log if each["ExitCode"] != 0]


def _state(inspected: Mapping[str, Any], refused: int) -> State:
    health = inspected.get("Health") or {}
    if inspected["Status"] == "created":
        return State("waiting")
    if inspected["Status"] in ("exited", "dead"):
        return State("exited", inspected["ExitCode"])
    return State(WITH_HEALTH.get(health.get("Status", ""), "running"), 0, refused)


def containers(listed: str, project: str) -> dict[str, str]:
    """The short ids by name, from what `docker compose ps --format json` says.

    A container has the name of its service, and a number where the service has several.
    """
    found = [json.loads(line) for line in listed.splitlines()]
    count = Counter(each["Service"] for each in found)
    ids = {}
    for each in sorted(found, key=lambda one: str(one["Name"])):
        own = each["Name"].removeprefix(f"{project}-")
        ids[own if count[each["Service"]] > 1 else each["Service"]] = each["ID"]
    return ids


def log_line(text: str) -> LogLine:
    """A line of `docker logs --timestamps`."""
    when, _, said = text.partition(" ")
    moment, _, fraction = when.rstrip("Z").partition(".")
    seconds = datetime.fromisoformat(f"{moment}+00:00").timestamp()
    return LogLine(seconds + float(f"0.{fraction or 0}"), said)
