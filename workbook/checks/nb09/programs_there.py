"""Whether a health check asks with what its image has."""

import re
import sys
from pathlib import Path

from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile, programs
from workbook.stack.compose_file import Health, Service

IMPORTED = re.compile(r"\bfrom\s+(\w+)[\w.]*\s+import\b|\bimport\s+(\w+)")


SEVERAL = "your line has several commands: whose exit code is that of the line?"


def shell_line(service: Service) -> str:
    """The line that a shell gets as the health check; empty where a program is named itself."""
    words = service.health.test if service.health else ()
    return words[-1] if "-c" in words[:-1] and Path(words[0]).name == "sh" else ""


def asks_with_what_is_there(service: Service, health: Health) -> None:
    """The program that asks is in the image, and here as well, where the question is tried."""
    image = programs.Image(service.image)
    if service.build:
        image = dockerfile.programs_of(Path("Dockerfile").read_text("utf-8"))
        _imports_what_is_there(health)
    missing = programs.first_missing(image, health.test)
    if missing and missing.in_the_image:
        raise NotYet.looked_at(
            f"docker exec {service.name} …",
            got=missing.sentence,
            wanted="a question that can be tried without Docker as well",
            ask="which other program of the image asks the same?",
        )
    if missing:
        raise NotYet.looked_at(
            f"docker exec {service.name} …",
            got=missing.sentence,
            wanted="a question that the image can ask",
            ask="what does the image have?",
        )


def _imports_what_is_there(health: Health) -> None:
    """A line of Python's imports what comes with Python, or with the list of packages."""
    lines = Path("requirements.txt").read_text("utf-8").lower().splitlines()
    there = {re.split(r"[=<>\[; ]", line)[0].replace("-", "_") for line in lines}
    for name in map("".join, IMPORTED.findall(" ".join(health.test))):
        if name not in there | sys.stdlib_module_names | {"app"}:
            raise NotYet.looked_at(
                "docker exec app …",
                got=f"ModuleNotFoundError: No module named '{name}'",
                wanted="a question that the image can ask",
                ask="which packages does the image have, and what does Python bring itself?",
            )
