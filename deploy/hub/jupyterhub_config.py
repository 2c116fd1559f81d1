"""One machine for all: an account, a PostgreSQL and a folder for each learner, one checkout.

`up` starts JupyterHub with this file, as root, and says in NIGHTWATCH_HUB which folder the room
has. In it `hub/settings.json` holds what `up` was told.
"""

import asyncio
import json
import os
import pwd
import sys
from pathlib import Path

from workbook.room.hub.service import READ, REPORT

c = get_config()  # noqa: F821

ROOM = Path(os.environ["NIGHTWATCH_HUB"])
GIVEN = json.loads((ROOM / "hub" / "settings.json").read_text("utf-8"))
BIN = ROOM / "checkout" / ".venv" / "bin"
TYPES = ROOM / "types"
HERE = "127.0.0.1"
BOARD = f"http://{HERE}:{GIVEN['board_port']}"
SETPRIV = ["setpriv", "--init-groups", f"--reuid={GIVEN['proxy_account']}"]
PATH = f"{ROOM / 'bin'}:{BIN}:/usr/local/bin:/usr/bin:/bin"
KERNEL_HOURS, SERVER_HOURS = 1, 3
"""After so long without anybody a kernel ends, and after so long a learner's server."""
PROCESSES = 1000
"""Processes and threads that a learner may have at the same time."""

# The door: the proxy runs under an account of its own; the rest listens on this machine alone.
c.JupyterHub.bind_url = f"{'https' if GIVEN['tls'] else 'http'}://{GIVEN['host']}:{GIVEN['port']}"
c.JupyterHub.hub_bind_url = f"http://{HERE}:{GIVEN['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://{HERE}:{GIVEN['proxy_port']}"
c.ConfigurableHTTPProxy.pid_file = str(ROOM / "hub" / "proxy.pid")
group = f"--regid={GIVEN['proxy_account']}"
c.ConfigurableHTTPProxy.command = [
    *SETPRIV, group, str(ROOM / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy"),
]  # fmt: skip
if GIVEN["tls"]:
    c.JupyterHub.ssl_cert = str(ROOM / "proxy" / "certificate.pem")
    c.JupyterHub.ssl_key = str(ROOM / "proxy" / "key.pem")

# What the hub remembers; root alone may enter.
c.JupyterHub.db_url = f"sqlite:///{ROOM}/hub/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(ROOM / "hub" / "cookie_secret")

# Who may come: whoever has an account of this room.
c.Authenticator.allowed_users = set(GIVEN["learners"]) | {GIVEN["instructor"]}
c.Authenticator.admin_users = {GIVEN["instructor"]}
if GIVEN["sign_in"] == "shared":
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = GIVEN["password"]
    c.SharedPasswordAuthenticator.admin_password = GIVEN["instructor_password"]
else:
    c.JupyterHub.authenticator_class = "firstuse"
    c.FirstUseAuthenticator.dbm_path = str(ROOM / "hub" / "passwords")
    c.FirstUseAuthenticator.create_users = False
    c.FirstUseAuthenticator.min_password_length = 8

# A learner's server, under the learner's own account.
c.JupyterHub.spawner_class = "localprocess"
# A limit would refuse whoever comes beyond it, and people come together.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.cmd = ["prlimit", f"--nproc={PROCESSES}", "--", str(BIN / "jupyterhub-singleuser")]
c.Spawner.args = [
    "--ServerApp.jpserver_extensions={'workbook.room.hub.reports': True}",
    "--ServerApp.quit_button=False",
    # Other accounts reach a kernel's ports; without keys they could read whatever it shows.
    "--KernelManager.transport_encryption=required",
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=",
    f"--MappingKernelManager.cull_idle_timeout={KERNEL_HOURS * 3600}",
    "--MappingKernelManager.cull_interval=120",
]
c.Spawner.notebook_dir = "~/work"
c.Spawner.default_url = "/lab/tree/00_first_query.ipynb"
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.env_keep = ["LANG"]


def account(spawner):
    """The learner's account, which `up` has made."""
    return pwd.getpwnam(spawner.user.name)


def environment(entry):
    """What all of a learner's processes have in common."""
    return {
        "PATH": PATH,
        "HOME": entry.pw_dir,
        "LANG": "C.UTF-8",
        "WORKBOOK_WORK": f"{entry.pw_dir}/work",
    }


c.Spawner.environment = {
    "PATH": PATH,
    "WORKBOOK_WORK": lambda spawner: f"{account(spawner).pw_dir}/work",
    "WORKBOOK_HUB_BOARD": f"{BOARD}/services/board/report",
    "JUPYTER_PREFER_ENV_PATH": "1",
}


async def run_as(entry, *command):
    """Run a command under this account, for a minute at most; RuntimeError where it fails."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment(entry), cwd=entry.pw_dir, umask=0o077,
        user=entry.pw_uid, group=entry.pw_gid, extra_groups=[],
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the folder of {entry.pw_name} could not be filled: {said.decode()}")


async def fill_the_folder(spawner):
    """Bring the notebooks, as the learner; nothing of theirs is replaced.

    With them mypy's cache, as `up` has filled it: by itself each learner would fill one in
    notebook 02, with half a minute of a core. The time of each of its files is a part of it.
    """
    entry = account(spawner)
    await run_as(entry, BIN / "python", "-P", "-m", "workbook", "update")
    types = Path(entry.pw_dir, "work", ".workbook", "mypy")
    if TYPES.exists() and not types.exists():
        await run_as(entry, "cp", "-r", "--preserve=timestamps", TYPES, types)


c.Spawner.pre_spawn_hook = fill_the_folder

# The board, and what ends servers that nobody uses.
c.JupyterHub.services = [
    {
        "name": "board",
        "url": BOARD,
        "command": [sys.executable, "-P", "-m", "workbook.room.hub.service"],
        "user": GIVEN["board_account"],
        "environment": {"WORKBOOK_WORK": str(ROOM / "board")},
        "oauth_client_allowed_scopes": [READ],
        "oauth_no_confirm": True,
    },
    {
        "name": "cull",
        "command": [
            sys.executable, "-P", "-m", "jupyterhub_idle_culler",
            f"--timeout={SERVER_HOURS * 3600}",
        ],
        "user": GIVEN["board_account"],
    },
]  # fmt: skip
c.JupyterHub.custom_scopes = {
    READ: {"description": "See who is at which exercise of the workbook"},
    REPORT: {"description": "Report the verdicts of one's own exercises to the board"},
}
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", REPORT]},
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", REPORT]},
    {
        "name": "teaches",
        "users": [GIVEN["instructor"]],
        "scopes": ["access:services!service=board", READ],
    },
    {
        "name": "culls",
        "services": ["cull"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
]
