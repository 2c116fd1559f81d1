"""A warm process with the heavy imports done, which forks one throw-away child for each check.

Reads one JSON request a line from standard input, answers one JSON result a line on standard
output, and goes when its input closes: when the kernel that started it is gone, so is it.
"""

import contextlib
import importlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from typing import Any

from workbook.checks import child
from workbook.forkserver import preload

PRINTED = 2_000
"""How many characters of the answer's own printing are kept for the verdict."""


def main() -> None:
    """Serve checks until standard input closes; an argument names the notebook to be ready for."""
    with contextlib.ExitStack() as ends:
        began = []
        for number in sys.argv[1:]:
            _warm(number)
            began += _prepare(number, ends)
        for line in sys.stdin:
            for process in began:
                process.poll()
            request = child.Request(**json.loads(line))
            _warm(request.exercise[:2])
            print(json.dumps(_serve(request)), flush=True)


def _warm(number: str) -> None:
    importlib.import_module(f"workbook.checks.nb{number}")
    preload.up(number)


def _prepare(number: str, ends: contextlib.ExitStack) -> "list[subprocess.Popen[bytes]]":
    """Let a checker begin what takes long, beside the learner's reading; it ends with us."""
    prepare = getattr(sys.modules[f"workbook.checks.nb{number}"], "prepare", None)
    if prepare is None or os.environ.get("WORKBOOK_WARM") == "no":
        return []
    began = [process for process in [prepare()] if process]
    for process in began:
        ends.callback(process.wait)
        ends.callback(process.kill)
    return began


def _serve(request: child.Request) -> dict[str, Any]:
    result_end, result_start = os.pipe()
    print_end, print_start = os.pipe()
    pid = os.fork()
    if pid == 0:
        _in_child(request, result_start, print_start)
    os.close(result_start)
    os.close(print_start)
    try:
        raw, printed, count = _collect(result_end, print_end, request.seconds)
    finally:
        _end(pid)
    return _judge(raw, printed, count, request.seconds)


def _in_child(request: child.Request, result: int, printing: int) -> None:
    os.setsid()
    sys.dont_write_bytecode = True  # two versions of a file within a second may pass for one
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    signal.alarm(int(request.seconds) + 3)  # a second leash, should the server be gone
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printing, 1)
    os.dup2(printing, 2)
    data = json.dumps(child.run(request)).encode()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os.write(result, data)
    os._exit(0)


def _collect(result: int, printing: int, seconds: float) -> tuple[bytes | None, bytes, int]:
    """Read both pipes to their end or to the deadline: result, last printing, its length."""
    deadline = time.monotonic() + seconds
    parts: dict[int, bytes] = {result: b"", printing: b""}
    count = 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(result, selectors.EVENT_READ)
        waiting.register(printing, selectors.EVENT_READ)
        while result in waiting.get_map():
            if (left := deadline - time.monotonic()) <= 0:
                parts[result] = b"late"
                break
            for key, _ in waiting.select(left):
                data = os.read(key.fd, 65536)
                if not data:
                    waiting.unregister(key.fd)
                count += len(data) if key.fd == printing else 0
                parts[key.fd] += data
                parts[printing] = parts[printing][-PRINTED:]
    os.close(result)
    os.close(printing)
    return parts[result], parts[printing], count


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _judge(raw: bytes | None, printed: bytes, count: int, seconds: float) -> dict[str, Any]:
    if raw == b"late":
        result: dict[str, Any] = {"outcome": "not yet", "lines": child.too_slow(seconds).lines}
    elif not raw:
        result = {"outcome": "not yet", "lines": {
            "What happened": "the process of your code ended before the check did",
            "Ask yourself": "which call ends a process on the spot, with no way back?",
        }}  # fmt: skip
    else:
        result = json.loads(raw)
    if count > PRINTED:
        result["lines"]["Your code printed"] = f"{count:,} characters; keep what you need"
    return result


if __name__ == "__main__":
    main()
