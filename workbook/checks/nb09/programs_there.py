"""Whether a health check asks with what its image has."""

from pathlib import Path

from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile, programs
from workbook.stack.compose_file import Health, Service


def asks_with_what_is_there(service: Service, health: Health) -> None:
    """The program that asks is in the image, and here as well, where the question is tried."""
    image = programs.Image(service.image)
    if service.build:
        image = dockerfile.programs_of(Path("Dockerfile").read_text("utf-8"))
    missing = programs.first_missing(image, health.test)
    if missing and missing.in_the_image:
        raise NotYet(
            f"docker exec {service.name} …",
            got=missing.sentence,
            wanted="a question that can be tried without Docker as well",
            ask="which other program of the image asks the same?",
        )
    if missing:
        raise NotYet(
            f"docker exec {service.name} …",
            got=missing.sentence,
            wanted="a question that the image can ask",
            ask="what does the image have?",
        )
