"""Names and ports of a stack's containers, where they are plain processes on one machine.

Each container has an address of its own in Docker, so many may listen on port 8000, and `localhost`
is the container itself. Here each gets ports of its own, and what a container is told is rewritten.
"""

import asyncio
import contextlib
import re
from collections.abc import Mapping, Sequence

from workbook.base.waiting import eventually
from workbook.postgres import probe
from workbook.stack.addresses import POSTGRES, WEB, is_secret, places
from workbook.stack.compose_file import Service
from workbook.stack.loopback import HERE, elsewhere

LOCAL = ("localhost", HERE, "[::1]", "[::]", "::1", "::")
"""Hosts that mean the same in a container and here."""


class Network:
    """Which port of this machine stands for which container's."""

    def __init__(
        self,
        ports: Mapping[tuple[str, int], int] | None = None,
        nobody: int | None = None,
        database_host: str = "",
    ) -> None:
        """`ports` are those that containers have already; at `nobody`, nobody listens.

        `database_host` is where others reach databases, unless their own loopback is set apart.
        """
        self._database_host = database_host or elsewhere()
        self._ports = dict(ports or {})
        self._nobody = nobody or probe.free_port()

    def join(self, services: Sequence[Service]) -> None:
        """Give each of these containers a port, unless it has one."""
        for each in services:
            own = each.name, POSTGRES if each.postgres else WEB
            self._ports.setdefault(own, probe.free_port())

    def port(self, name: str, port: int) -> int:
        """The port of this machine that stands for the container's; nobody listens on others."""
        return self._ports.get((name, port), self._nobody)

    def host(self, port: int) -> str:
        """Where others reach a container's port: a database's own loopback is none of theirs."""
        return self._database_host if port == POSTGRES else HERE

    def rewrite_addresses(self, name: str, text: str) -> str:
        """What this container is told, with the addresses that it has to use on this machine."""
        others = frozenset(other for other, _ in self._ports)
        return places(name, others).sub(lambda found: self._rewritten(name, found), text)

    def rewrite_command(self, name: str, words: Sequence[str]) -> list[str]:
        """The same for a command, whose words belong together: `--port` and the next one."""
        return self.rewrite_addresses(name, "\0".join(words)).split("\0") if words else []

    def rewrite_environment(self, name: str, variables: Mapping[str, str]) -> dict[str, str]:
        """The same for variables, read with their names; those of secrets are left."""
        told = {key: self.rewrite_addresses(name, f"{key}={value}").partition("=")[2]
                for key, value in variables.items()}  # fmt: skip
        return {key: variables[key] if is_secret(key) else told[key] for key in variables}

    def _rewritten(self, name: str, found: re.Match[str]) -> str:
        whole, groups = found[0], found.groupdict()
        if groups["program"]:
            return groups["program"]
        if groups["everywhere"]:
            return HERE
        if groups["name"]:
            own = POSTGRES if (name, POSTGRES) in self._ports else WEB
            return whole.removesuffix(groups["name"]) + self.host(own)
        if groups["own_port"]:
            port = int(groups["own_port"])
            return whole.removesuffix(groups["own_port"]) + str(self._own_port(name, port))
        if groups["url_host"]:
            return self._url(name, found)
        host, port = self._reached(name, groups["host"], int(groups["port"]))
        shown = _in_brackets(host) if groups["gap"] == ":" else host
        return f"{groups['device'] or ''}{shown}{groups['gap']}{port}"

    def _url(self, name: str, found: re.Match[str]) -> str:
        given = found["url_port"]
        told = int(given) if given else POSTGRES if found["database"] else 0
        host, port = self._reached(name, found["url_host"], told)
        before = found.string[found.start() : found.start("url_host")]
        shown = f":{port}" if given or port != told else ""
        return f"{before}{_in_brackets(host)}{shown}{found['path']}"

    def _reached(self, name: str, host: str, port: int) -> tuple[str, int]:
        """Host and port here of those that a container uses; what is none of ours is left."""
        known = {other.lower(): other for other, _ in self._ports}
        if host.lower() in LOCAL or host == "":
            return host, self._own_port(name, port)
        if host == "0.0.0.0":
            return HERE, self._own_port(name, port)
        if _is_own_name(host, name):
            return self.host(port), self._own_port(name, port)
        if host[0] in "${":
            return host, self._own_port(name, port)
        there = self._ports.get((known.get(host.lower(), ""), port))
        return (self.host(port), there) if there else (host, port)

    def _own_port(self, name: str, port: int) -> int:
        return self.port(name, port) if port in (POSTGRES, WEB) else port


def _is_own_name(host: str, name: str) -> bool:
    """Whether a container calls itself so, by its address in the network."""
    asked = re.fullmatch(r"\$\(hostname[^)]*\)|\$?\{?HOSTNAME\}?", host)
    return asked is not None or host.lower() == name.lower()


def _in_brackets(host: str) -> str:
    """A host as it stands before a colon."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


async def listens(port: int, seconds: float) -> bool:
    """Wait until somebody takes connections at this port, at most so many seconds."""

    async def connects() -> bool:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(HERE, port)
            writer.close()
            return True
        return False

    return await eventually(connects, seconds, interval=0.05)
