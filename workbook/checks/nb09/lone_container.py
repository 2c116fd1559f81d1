"""A container of the app's image with no other beside it, as a plain process."""

import re
from collections.abc import Sequence
from pathlib import Path

from workbook.base.programs import search_path
from workbook.stack import dockerfile
from workbook.stack.addresses import WEB
from workbook.stack.app_container import of_the_image
from workbook.stack.compose_file import Service
from workbook.stack.network import Network
from workbook.stack.process import ManagedProcess

NO_DATABASE = "postgresql+asyncpg://nobody@127.0.0.1:9/nowhere"
"""An address where nobody listens."""


def lone_container(service: Service, url: str) -> tuple[ManagedProcess, Network]:
    """A container for this service and database, not started; and the ports that it has here."""
    network = Network()
    network.join([service])
    port = str(network.port(service.name, WEB))
    image = of_the_image(dockerfile.image(Path("Dockerfile").read_text("utf-8")))
    told = network.rewrite_environment(service.name, image | service.environment)
    env = {"PATH": search_path(), "UVICORN_PORT": port} | told | {"DATABASE_URL": url}
    return ManagedProcess(Path.cwd(), env), network


_OPTION = re.compile(r"--|-\w ")
ONE_BY_ONE = "how many words stand between two commas of the list, and how many may it be?"
"""The question for words that were run together."""


def run_together(words: Sequence[str]) -> str:
    """A program or an option that has its arguments in the same word; empty where none has."""
    looked_at = (each for n, each in enumerate(words) if n == 0 or _OPTION.match(each))
    return next((each for each in looked_at if " " in each.strip()), "")


def command(service: Service) -> tuple[str, ...]:
    """What it runs: the image's command, or the service's own."""
    text = Path("Dockerfile").read_text("utf-8")
    return dockerfile.command(text, service.command, service.entrypoint)


def about_the_shell(words: Sequence[str]) -> str:
    """The question where a shell is wanted and not there, or gets more than the line; or ""."""
    shell = Path(words[0]).name in ("sh", "bash") and "-c" in words if words else False
    if "&&" in words and not shell:
        return "who reads the `&&`: the program that gets these words, or a shell?"
    if shell and len(words) > words.index("-c") + 2:
        return "which of the words behind `-c` is the line that the shell runs?"
    return ""
