"""Between the fork and the first line of what was asked for: be that program, in this process."""

import atexit
import fcntl
import importlib
import io
import os
import runpy
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, cast

from workbook.forkserver.client import MOST_FDS, Job


def become(job: Job, fds: Sequence[int]) -> NoReturn:
    """Run the job as a process of its own would run, and end as it would end."""
    code = 1
    try:
        _prepare(job, fds)
        code = _exit_code(job)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _prepare(job: Job, fds: Sequence[int]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in job.ignored:
        signal.signal(number, signal.SIG_IGN)
    _take(fds)
    os.environ.clear()
    os.environ.update(job.environment)
    time.tzset()
    os.chdir(job.folder)


def _take(fds: Sequence[int]) -> None:
    """Let these descriptors, three or more, be 0, 1, 2 and so on."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 2 * MOST_FDS) for fd in fds]
    for fd in fds:
        os.close(fd)
    for number, fd in enumerate(high):
        os.dup2(fd, number)
        os.close(fd)
    for stream in (sys.stdout, sys.stderr):
        cast(io.TextIOWrapper, stream).reconfigure(line_buffering=True)


def _exit_code(job: Job) -> int:
    """Run it: the exit code, as Python gives it, with what is to be done at the end done."""
    try:
        _run(job)
        code = 0
    except SystemExit as end:
        code = _code_of(end)
    except BaseException as error:
        traceback.print_exc()
        code = 1
        if isinstance(error, KeyboardInterrupt):
            _end_by(signal.SIGINT)
    threading._shutdown()  # type: ignore[attr-defined]  # as multiprocessing does in its forks: no thread is cut off
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


def _end_by(number: signal.Signals) -> None:
    """End as a process does that this signal has ended: whoever waits can tell."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _code_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    print(end.code, file=sys.stderr)
    return 1


def _run(job: Job) -> None:
    kind, _, name = job.target.partition(":")
    if kind == "call":
        module, _, function = name.partition(":")
        getattr(importlib.import_module(module), function)(*job.arguments)
    elif kind == "module":
        sys.path.insert(0, job.folder)
        sys.argv[:] = [name, *job.arguments]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    else:
        installed = (sys.prefix, sys.base_prefix, sys.exec_prefix)
        sys.path[:] = [str(Path(name).parent), *(p for p in sys.path if p.startswith(installed))]
        sys.argv[:] = [name, *job.arguments]
        runpy.run_path(name, run_name="__main__")
