"""Runs a command where there is no network: in a namespace of its own, or with every door shut."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

DEAD = "http://127.0.0.1:9"
"""A port at which nobody answers: where a proxy that is named there takes every request."""
SHUT = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD),
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), DEAD),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost,::1"),
    "PIP_NO_INDEX": "1",
    "UV_OFFLINE": "1",
}
UP = 'ip link set lo up && exec "$@"'


def prefix() -> list[str]:
    """What to put before a command so that it has no network; empty where that cannot be had."""
    account = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    before = ["unshare", *account, "--net", "sh", "-c", UP, "sh"]
    try:
        tried = subprocess.run([*before, "true"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return before if tried.returncode == 0 else []


def environment(home: Path, network_is_gone: bool) -> Mapping[str, str]:
    """That of a new account: no settings, no caches; where it must be, with every door shut."""
    kept = {k: os.environ[k] for k in ("PATH", "LANG", "LC_ALL", "TMPDIR") if k in os.environ}
    return {**kept, "HOME": str(home), **({} if network_is_gone else SHUT)}


def run(command: Sequence[str], folder: Path, home: Path, before: Sequence[str]) -> int:
    """Run it in this folder; its exit code. What it says goes where ours does."""
    surroundings = environment(home, bool(before))
    return subprocess.run([*before, *command], cwd=folder, env=surroundings).returncode
