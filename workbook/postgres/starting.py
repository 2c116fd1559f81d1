"""Start the server of a data folder; the caller holds the start lock."""

import json
import os
import subprocess
import sys
from pathlib import Path

from workbook.base import ports
from workbook.postgres import initdb, probe, process, tools
from workbook.postgres.account import Account, give
from workbook.postgres.binaries import find, reachable
from workbook.postgres.layout import Layout
from workbook.postgres.locks import ServerLock
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
_reapers: list[subprocess.Popen[bytes]] = []


def ensure_running(layout: Layout, settings: dict[str, str], account: Account | None) -> None:
    """Start the server unless it runs, healing what a crash left; raises PostgresProblem."""
    if process.running(layout.data):
        if probe.wait_until_answers("127.0.0.1", layout.port(), seconds=30.0):
            return
        process.end(layout.data, "immediate")
    found, major = find()
    programs = reachable(found, account)
    initdb.ensure_made(layout, programs, major, account)
    process.clear_leftovers(layout.data)
    _launch(layout, programs, settings, account)


def _launch(
    layout: Layout, programs: Path, settings: dict[str, str], account: Account | None
) -> None:
    """Start on the remembered port, on a new one where somebody else took it."""
    for _ in range(3):
        port = layout.port()
        if not port or not ports.is_free(port):
            port = probe.free_port()
        _write_settings(layout, port, settings, account)
        if _started(layout, programs, account):
            return
        if "could not bind" not in _log_tail(layout):
            break
    raise PostgresProblem(
        f"The PostgreSQL server did not start; its last words: {_log_tail(layout)} "
        f"If that does not tell you why, remove the folder {layout.home}: it is made again, and "
        "holds only databases that the notebooks rebuild."
    )


def _write_settings(
    layout: Layout, port: int, settings: dict[str, str], account: Account | None
) -> None:
    own = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    escaped = {
        key: value.replace("'", "''") for key, value in {**SETTINGS, **settings, **own}.items()
    }
    conf = layout.data / "workbook.conf"
    try:
        conf.write_text("".join(f"{key} = '{value}'\n" for key, value in escaped.items()))
        give(conf, account)
        layout.port_file.write_text(str(port))
        for old in [*layout.log.parent.glob("postgres*"), layout.startup_log]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise PostgresProblem(
            f"The server's folder {layout.home} cannot be written ({error.strerror}). Free some "
            "disk space, or set WORKBOOK_CLUSTER to a folder of your own."
        ) from None


def _started(layout: Layout, programs: Path, account: Account | None) -> bool:
    options: list[str | Path] = [
        "-w",
        "-t",
        "60",
        "-s",
        "-D",
        layout.data,
        "-l",
        layout.startup_log,
    ]
    code, _ = tools.run(programs / "pg_ctl", "start", *options, account=account)
    return code == 0


def _log_tail(layout: Layout) -> str:
    """Return the last messages of the server's log, and of what it said before that was open."""
    words: list[str] = []
    if layout.startup_log.exists():
        words += layout.startup_log.read_text(errors="replace").splitlines()[-4:]
    if layout.log.exists():
        lines = layout.log.read_text(errors="replace").splitlines()[-4:]
        words += [str(json.loads(line).get("message", "")) for line in lines if line.endswith("}")]
    return " / ".join(words) or "none."


def ensure_reaper(layout: Layout, seconds: int) -> None:
    """Start the process that stops the server when nobody is left, unless there is one."""
    _reapers[:] = [each for each in _reapers if each.poll() is None]
    if ServerLock(layout.reaper).is_taken():
        return
    places = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    _reapers.append(
        subprocess.Popen(
            [sys.executable, "-P", "-m", "workbook.postgres.reaper", layout.home, str(seconds)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={**tools.clean_environment(), "PYTHONPATH": places},
            start_new_session=True,
        )
    )
