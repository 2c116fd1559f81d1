"""Names and ports of a stack's containers, where they are plain processes on one machine.

Each container has an address of its own in Docker, so many may listen on port 8000, and `localhost`
is the container itself. Here each gets ports of its own, and what a container is told is rewritten.
"""

import asyncio
import contextlib
import re
from collections.abc import Sequence

from workbook.postgres import probe
from workbook.stack.reading import Service

POSTGRES = 5432
WEB = 8000


class Network:
    """Which port of this machine stands for which container's."""

    def __init__(self) -> None:
        self._ports: dict[tuple[str, int], int] = {}
        self._nobody = probe.free_port()

    def join(self, services: Sequence[Service]) -> None:
        """Give each of these containers a port, unless it has one."""
        for each in services:
            own = each.name, POSTGRES if each.postgres else WEB
            self._ports.setdefault(own, probe.free_port())

    def port(self, name: str, port: int) -> int:
        """The port of this machine that stands for the container's."""
        return self._ports.get((name, port), self._nobody)

    def seen_by(self, name: str, text: str) -> str:
        """What a container is told, with the addresses that its names have on this machine."""
        text = inside_of(name, text)
        text = re.sub(r"\b0\.0\.0\.0\b", "127.0.0.1", text)
        text = re.sub(r"(?:/[\w.-]+)+/bin/(uvicorn|alembic|python3?)\b", r"\1", text)
        for (other, port), here in self._ports.items():
            text = re.sub(rf"(?<![\w.-]){re.escape(other)}:{port}\b", f"127.0.0.1:{here}", text)
            if port == POSTGRES:
                text = re.sub(rf"@{re.escape(other)}/", f"@127.0.0.1:{here}/", text)
        text = re.sub(r"@(?:localhost|127\.0\.0\.1)/", f"@localhost:{POSTGRES}/", text)
        for port in (POSTGRES, WEB):
            text = re.sub(rf"(?<![\d.]){port}\b", str(self.port(name, port)), text)
        return text

    def all_seen_by(self, name: str, words: Sequence[str]) -> list[str]:
        """A command, word by word; the container's own name is the container."""
        return [self.seen_by(name, each) for each in words]


def inside_of(name: str, text: str) -> str:
    """A container's own name as an address, where it stands for a host: after `-h`, `@`, `//`."""
    if text == name:
        return "127.0.0.1"
    before = r"((?:^|\s)(?:-h|--host)[= ]?|host=|@|//)"
    return re.sub(
        rf"{before}(?:{re.escape(name)}|\$\{{?HOSTNAME\}}?)(?![\w.-])", r"\g<1>127.0.0.1", text
    )


async def listens(port: int, seconds: float) -> bool:
    """Wait until somebody takes connections at this port, at most so many seconds."""
    for _ in range(int(seconds / 0.05)):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
        await asyncio.sleep(0.05)
    return False
