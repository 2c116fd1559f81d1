"""The workbook's own JupyterLab: its settings, its address, its beginning and its end."""

import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from workbook.base import no_proxy, paths, ports, programs, settings
from workbook.workspace import files


@dataclass(frozen=True)
class Look:
    """How JupyterLab looks: for a learner, or for a projector."""

    folder: str
    """Where its settings and its layout are kept, below those of the workbook's JupyterLab."""
    settings: Mapping[str, Mapping[str, Any]]
    """Plugin → what is set of it, where nobody has set something else."""
    style: str
    layout: Mapping[str, Any] = field(default_factory=dict)
    """How JupyterLab stores the layout of its start; where it is empty, the last one stays."""


SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": True, "autosaveInterval": 20},
}
STYLE = """\
/* JupyterLab breaks a long line of output in the middle of a word; here a word stays whole. */
body .jp-OutputArea-output pre, body .jp-RenderedText pre {
  word-break: normal;
  overflow-wrap: anywhere;
}
"""
LEARNERS = Look("", SETTINGS, STYLE)
OTHER_PORTS = 50


@dataclass(frozen=True)
class Address:
    """Where a JupyterLab of this checkout is, and the `wb` that holds it."""

    pid: int
    since: float
    """When that process began: a number of a process alone may have a new owner."""
    port: int
    token: str
    fixed: bool = False
    """Whether somebody asked for this port, and no other will do."""

    def url(self, page: str | None) -> str:
        """The address to open, at this notebook."""
        place = f"/tree/{quote(page)}" if page else ""
        return f"http://127.0.0.1:{self.port}/lab{place}?token={quote(self.token, safe='')}"


def claim(port: int | None) -> tuple[Address, bool]:
    """The address of the JupyterLab of this checkout, and whether it is ours to start."""
    with files.locked("lab"):
        other = running()
        if other:
            return other, False
        me = psutil.Process()
        token = settings.read().token or secrets.token_hex(24)
        mine = Address(me.pid, me.create_time(), ports.choose(port), token, port is not None)
        files.write(_noted(), json.dumps(asdict(mine)), mode=0o600)
        return mine, True


def running() -> Address | None:
    """The address that a living `wb lab` of this checkout wrote down."""
    try:
        noted = Address(**json.loads(_noted().read_text("utf-8")))
        began = psutil.Process(noted.pid).create_time()
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
    return noted if abs(began - noted.since) < 1 else None


def forget() -> None:
    """Take our address back."""
    noted = running()
    if noted and noted.pid == os.getpid():
        _noted().unlink(missing_ok=True)


def start(address: Address, page: str | None, look: Look = LEARNERS) -> "subprocess.Popen[bytes]":
    """JupyterLab in a session of its own, so that Ctrl-C reaches `wb` first.

    Somebody else may take the port before JupyterLab listens: it then tries OTHER_PORTS.
    """
    _configure(address, page, look)
    command = [sys.executable, "-P", "-m", "workbook.cli.jupyter_main", str(os.getpid())]
    with log_path().open("wb") as said:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=paths.work(),
            env=_environment(),
            start_new_session=True,
        )


def read_address(child: "subprocess.Popen[bytes]", address: Address) -> Address | None:
    """Where this JupyterLab answers, written down; None while it does not."""
    try:
        noted = (_home() / "runtime" / f"jpserver-{child.pid}.json").read_text("utf-8")
        actual = replace(address, port=json.loads(noted)["port"])
    except (OSError, ValueError):
        return None
    if not answers(actual):
        return None
    if actual != address:
        files.write(_noted(), json.dumps(asdict(actual)), mode=0o600)
    return actual


def answers(address: Address) -> bool:
    """Whether the server is there and takes our token."""
    call = http.client.HTTPConnection("127.0.0.1", address.port, timeout=5)
    try:
        call.request("GET", "/api/status", headers={"Authorization": f"token {address.token}"})
        return call.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        call.close()


def stop(child: "subprocess.Popen[bytes]", seconds: float = 10.0) -> None:
    """End the server and its kernels, if it has not ended: first politely, then surely."""
    if child.poll() is not None:
        return
    try:
        family = psutil.Process(child.pid).children(recursive=True)
    except psutil.Error:
        family = []
    child.terminate()
    try:
        child.wait(seconds)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
    _, left = psutil.wait_procs(family, timeout=2)
    for process in left:
        process.kill()


def log_path() -> Path:
    """Where JupyterLab says what it does."""
    return paths.state() / "jupyter.log"


def log_tail(lines: int = 15) -> str:
    """The end of JupyterLab's log."""
    return "\n".join(log_path().read_text("utf-8", errors="replace").splitlines()[-lines:])


def _configure(address: Address, page: str | None, look: Look = LEARNERS) -> None:
    """Write what JupyterLab reads at its start; the token is in a file, not in a command line."""
    home, own = _home(), _home() / look.folder
    place = f"/lab/tree/{quote(page)}" if page else "/lab"
    config: dict[str, dict[str, Any]] = {
        "IdentityProvider": {"token": address.token},
        "ServerApp": {
            "ip": settings.read().lab_ip,
            "allow_remote_access": False,  # also in a container, whose port this machine publishes
            "port": address.port,
            "port_retries": 0 if address.fixed else OTHER_PORTS,
            "root_dir": str(paths.work()),
            "default_url": place,
            "open_browser": False,
            "answer_yes": True,
            "allow_root": os.geteuid() == 0,
        },
        "LabApp": {
            "default_url": place,
            "user_settings_dir": str(own / "settings"),
            "workspaces_dir": str(own / "workspaces"),
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "expose_app_in_browser": settings.read().lab_expose,
            "custom_css": True,
        },
    }
    files.write(home / "config" / "jupyter_server_config.json", json.dumps(config), mode=0o600)
    files.write(home / "config" / "custom" / "custom.css", look.style)
    for name, chosen in look.settings.items():
        path = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        if not path.exists():
            files.write(path, json.dumps(chosen))
    if look.layout:
        from jupyterlab_server.workspaces_handler import WorkspacesManager

        workspace = {"data": look.layout, "metadata": {"id": "default"}}
        WorkspacesManager(str(own / "workspaces")).save("default", json.dumps(workspace))


def _environment() -> dict[str, str]:
    """Ours, with Jupyter's folders below the workbook's state and `.venv`'s programs first."""
    not_ours = ("JUPYTER", "IPYTHON", "WORKBOOK_STARTED", "WORKBOOK_INSTALL")
    env = {key: value for key, value in os.environ.items() if not key.startswith(not_ours)}
    home = _home()
    return {
        **env,
        **no_proxy.with_this_machine(env),
        "PATH": programs.search_path(env),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(home / "ipython"),
    }


def _home() -> Path:
    return paths.state() / "jupyter"


def _noted() -> Path:
    return paths.state() / "lab.json"
