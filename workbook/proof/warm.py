"""Fork servers for the dozens of kernels, checks and shells that validation starts.

What a check imports in one notebook is not there in the check of an earlier one: there is a server
for each step of `preload.MODULES`, and one for kernels.
"""

import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbook.base import programs, sockets
from workbook.forkserver import client, preload
from workbook.forkserver.server import ForkServer, spawned

KERNEL = ["ipykernel.kernelapp", "ipykernel.ipkernel", "workbook.lab.lab"]
"""What a kernel has imported after a notebook's first cell, whichever it is."""


@contextlib.contextmanager
def fork_servers(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The servers, started with these settings; the environment by which they are found."""
    with (
        tempfile.TemporaryDirectory(prefix="nf-", dir=sockets.home()) as name,
        contextlib.ExitStack() as ends,
    ):
        folder, records = Path(name), Path(name, "records")
        records.mkdir()
        settings = environment | {"WORKBOOK_FORK_RECORDS": str(records)}
        steps = {step: preload.modules(step) for step in preload.MODULES}
        for address, modules in {"kernel": KERNEL, **steps}.items():
            server = ForkServer(spawned(modules, settings), folder / address)
            ends.callback(server.close)
        yield {
            "PATH": os.pathsep.join([scripts(folder), programs.search_path()]),
            "WORKBOOK_FORKED_KERNEL": relay(folder / "kernel"),
            "WORKBOOK_FORK_SERVERS": str(folder),
            "WORKBOOK_FORK_RECORDS": str(records),
        }


def relay(address: Path) -> str:
    """The command that stands for a program which is forked by this server; its target follows."""
    return shlex.join([sys.executable, "-SEP", client.__file__, str(address)])


def scripts(folder: Path) -> str:
    """A folder with what a shell runs for `alembic`: most of its time goes to imports too."""
    script = folder / "bin" / "alembic"
    script.parent.mkdir()
    target = shlex.quote(f"script:{programs.folder()}/alembic")
    script.write_text(f'#!/bin/sh\nexec {relay(folder / "00")} {target} "$@"\n', "utf-8")
    script.chmod(0o755)
    return str(script.parent)
