"""The kernel's end of a check: it is run by a fork of a warm process, bounded and collected."""

import contextlib
import importlib
import json
import os
import selectors
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from workbook.checks import busy, memory
from workbook.checks.registry import modules_of
from workbook.checks.request import Request, to_json
from workbook.checks.result import Result, broken, too_slow
from workbook.forkserver import client, preload
from workbook.forkserver.client import Job
from workbook.forkserver.server import ForkServer, forked_from, spawned

CHILD = "workbook.checks.child"
"""What runs in the fork."""
GONE = {
    "What happened": "the process of your code ended before the check did",
    "Ask yourself": "which call ends a process on the spot, with no way back?",
}
"""The verdict on an answer that leaves no result."""
NOT_BEGUN = f"The process of the check has not begun within a minute. {busy.AGAIN}"
MUCH = 2_000
"""From so many characters on, the verdict says how much the answer printed."""


class Ended(NamedTuple):
    """How the process of a check has ended."""

    raw: bytes | None
    """Its result; None where it did not come in time."""
    printed: int
    """How many bytes the answer printed."""
    share: busy.Share = busy.Share(0, 0)
    """What it had got of the time, where that was over."""


class CheckRunner:
    """Runs checks one after the other, each in a fork of a warm process that ends with its owner.

    The forks see the environment as it was when that process was started.
    """

    def __init__(self) -> None:
        self._server: ForkServer | None = None
        self._environment: dict[str, str] = {}
        self._beside: client.Child | None = None
        self._lock = threading.Lock()

    def start(self, number: str) -> None:
        """Start the warm process, to be ready for this notebook, without waiting for it.

        What the notebook's checkers do ahead of the first check begins beside it.
        """
        with self._lock:
            if self._server is None:
                self._beside = self._begin_ahead(self._start(number), number)

    def run(self, request: Request) -> Result:
        """Run one check: bounded by the request's seconds, and by a minute for a cold start."""
        with self._lock:
            for _ in range(2):  # a server that has died is replaced, once
                server = self._server or self._start(request.number)
                try:
                    return _judge(self._collect(server, request), request.seconds)
                except TimeoutError:
                    self._stop()
                    return broken({"Sorry": NOT_BEGUN})
                except memory.TooMuchMemoryError:
                    return memory.too_much()
                except OSError as error:
                    failed = error
                    self._stop()
            return broken({"Traceback": f"fork server: {failed!r}"})

    def stop(self) -> None:
        """End the warm process; a check that is running ends with its request."""
        with self._lock:
            self._stop()

    def _start(self, number: str) -> ForkServer:
        names = [*preload.modules(number), CHILD, *modules_of(number)]
        parent = preload.address(number)
        self._environment = dict(os.environ)
        self._server = ForkServer(forked_from(parent, names) if parent else spawned(names))
        return self._server

    def _begin_ahead(self, server: ForkServer, number: str) -> client.Child | None:
        package = f"workbook.checks.nb{number}"
        if not hasattr(importlib.import_module(package), "work_ahead"):
            return None
        with contextlib.suppress(OSError), _open_null() as null:
            job = self._job(f"call:{package}:work_ahead")
            return client.ask(server.address, job, [null, null, null])
        return None

    def _collect(self, server: ForkServer, request: Request) -> Ended:
        """Ask for it, and follow it to its end."""
        job = self._job(f"call:{CHILD}:main", to_json(request))
        result, result_end = os.pipe()
        printed, printed_end = os.pipe()
        with _open_null() as null, _closing(result, printed):
            with _closing(result_end, printed_end):
                fds = [null, printed_end, null, result_end]
                child = client.ask(server.address, job, fds)
            try:
                return _read(child.begun(), result, printed, request.seconds)
            finally:
                child.kill()
                child.close()

    def _job(self, target: str, *arguments: str) -> Job:
        return Job(target, arguments, self._environment, "/", takes_group_along=True)

    def _stop(self) -> None:
        if self._beside is not None:
            self._beside.close()
        if self._server is not None:
            self._server.close()
        self._server = self._beside = None


@contextlib.contextmanager
def _closing(*fds: int) -> Iterator[None]:
    try:
        yield
    finally:
        for fd in fds:
            os.close(fd)


@contextlib.contextmanager
def _open_null() -> Iterator[int]:
    null = os.open(os.devnull, os.O_RDWR)
    with _closing(null):
        yield null


def _read(child: client.Child, result: int, printed: int, seconds: float) -> Ended:
    """Read both pipes until the check has ended, or to the deadline; then nothing came.

    Its end counts, and not that of the pipes: what it left behind may hold them. TooMuchMemoryError
    where it takes more than it may.
    """
    deadline, parts, count = time.monotonic() + seconds, bytearray(), 0
    os.set_blocking(result, False)
    with selectors.DefaultSelector() as waiting:
        for fd in (child.fileno(), result, printed):
            waiting.register(fd, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            ready = {key.fd for key, _ in waiting.select(min(left, memory.EVERY))}
            memory.look(child.pid)
            if printed in ready:
                data = os.read(printed, 65536)
                count += len(data)
                if not data:
                    waiting.unregister(printed)
            parts += _available(result)
            if child.fileno() in ready:
                return Ended(bytes(parts), count)
    return Ended(None, count, busy.share_of(child.pid))


def _available(fd: int) -> bytes:
    """What can be read now."""
    found = bytearray()
    with contextlib.suppress(BlockingIOError):
        while data := os.read(fd, 65536):
            found += data
    return bytes(found)


def _judge(ended: Ended, seconds: float) -> Result:
    """The child's own result, or what became of it; and a word on much printing."""
    if ended.raw is None:
        result = too_slow(seconds, ended.share)
    else:
        result = json.loads(ended.raw) if ended.raw else {"outcome": "not yet", "lines": dict(GONE)}
    if "share" in result:
        share = busy.Share(*result["share"])
        if busy.had_no_time(seconds, share, result["own_line_ran"]):
            result = busy.not_judged(seconds, share.ran, result["line"])
    if ended.printed > MUCH:
        result["lines"]["Your code printed"] = f"{ended.printed:,} characters; keep what you need"
    return result
