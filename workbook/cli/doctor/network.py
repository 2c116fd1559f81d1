"""What the doctor asks of the network of this machine: ports, proxies, Docker."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from workbook.base import ports, settings
from workbook.cli import jupyter
from workbook.cli.doctor.finding import Finding
from workbook.postgres.docker import COMPOSE, has_compose


def usual_port() -> Iterator[Finding]:
    """JupyterLab's usual port; another one does as well."""
    address = jupyter.running()
    if address:
        yield Finding(True, f"JupyterLab of this folder runs on port {address.port}.")
    elif ports.is_free(ports.USUAL):
        yield Finding(True, f"Port {ports.USUAL} is free.")
    else:
        owner = ports.who_has(ports.USUAL)
        words = f"Port {ports.USUAL} is taken by {owner}."
        yield Finding(True, words, "Nothing to do: ./wb lab finds another.")


def proxies() -> Iterator[Finding]:
    """A proxy must leave this machine's own addresses alone."""
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    used = [name for name in names if os.environ.get(name)]
    caught = [host for host in ("127.0.0.1", "localhost") if used and not _spared(host)]
    if caught:
        words = f"{used[0]} is set and would catch {' and '.join(caught)}."
        repair = "export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost"
        yield Finding(False, words, repair)
    else:
        yield Finding(True, "No proxy catches this machine's own addresses.")


def docker() -> Iterator[Finding]:
    """For information: everything works without it."""
    said = _docker_says()
    if said is None:
        yield Finding(True, "There is no Docker here. Nothing needs it: its cells replay instead.")
    else:
        yield Finding(True, said)


def _spared(host: str) -> bool:
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return bool(proxy_bypass_environment(host, {"no": no_proxy}))


def _docker_says() -> str | None:
    if not settings.read().docker:
        return "WORKBOOK_DOCKER is off: cells that use Docker replay instead."
    if not shutil.which("docker"):
        return None
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except subprocess.TimeoutExpired:
        return "Docker's engine does not answer. Nothing needs it: its cells replay instead."
    if done.returncode:
        return "Docker is installed and its engine is off. Its cells replay instead."
    version = done.stdout.strip()
    if not has_compose():
        words = "runs, and Compose 2 is missing: its cells replay instead."
        return f"Docker's engine {version} {words} {COMPOSE}."
    return f"Docker's engine {version} runs, with Compose."


ALL = [usual_port, proxies, docker]
