"""What the doctor asks of the network of this machine: ports, proxies, Docker."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator

from workbook.base import no_proxy, ports, settings
from workbook.cli import jupyter
from workbook.cli.doctor import local_server
from workbook.cli.doctor.finding import Finding
from workbook.postgres.docker import COMPOSE, has_compose

PROXIES = ("http_proxy", "all_proxy")


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
    """A client gets an answer of this machine, whatever proxy is set: asked, not read."""
    names = [name for name in os.environ if name.lower() in PROXIES and os.environ[name]]
    spared = no_proxy.with_this_machine(os.environ)
    if refused := local_server.refusal(spared):
        yield Finding(False, *_caught(names, refused))
    elif names and local_server.refusal({}):
        words = "No proxy catches this machine's own addresses in a notebook; "
        words += f"in this terminal {names[0]} does."
        yield Finding(True, words, f"Where you need them there: export {_assigned(spared)}")
    else:
        yield Finding(True, "No proxy catches this machine's own addresses.")


def _caught(names: list[str], why: str) -> tuple[str, str]:
    """What catches the addresses of this machine, and the repair."""
    if names:
        words = (
            f"A client gets no answer of this machine while {' and '.join(names)} is set ({why})."
        )
        return words, f"unset {' '.join(names)}"
    words = f"A client gets no answer of this machine at 127.0.0.1 ({why})."
    return words, "Allow Python to talk to 127.0.0.1, in whatever guards this machine's network."


def _assigned(variables: dict[str, str]) -> str:
    return " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def docker() -> Iterator[Finding]:
    """For information: everything works without it."""
    said = _docker_says()
    if said is None:
        yield Finding(True, "There is no Docker here. Nothing needs it: its cells replay instead.")
    else:
        yield Finding(True, said)


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
