"""The learner's docker-compose.yml, read as Compose reads it, and what two services must have."""

from pathlib import Path
from urllib.parse import urlsplit

from workbook.checks.verdict import NotYet
from workbook.stack.compose_file import ComposeFileError, Health, Service, services

FILE = "docker-compose.yml"
SECRET = {"POSTGRES_PASSWORD": "s3cret"}
"""A `.env` with what the file needs."""


def read_services(variables: dict[str, str]) -> dict[str, Service]:
    """All services by name, with these variables as `.env`; ComposeFileError for no such file."""
    return services(Path(FILE).read_text("utf-8"), variables)


def service_named(name: str) -> Service:
    """The learner's service; NotYet where the file cannot be used, or has none of this name."""
    try:
        found = read_services(SECRET)
    except ComposeFileError as error:
        ask = "which line would Compose stumble over, or miss?"
        raise NotYet(FILE, got=str(error), wanted="a file that Compose can use", ask=ask) from None
    if name not in found:
        ask = "under which name do the others look for it?"
        raise NotYet(FILE, got=f"it has {', '.join(found)}", wanted=f"a service `{name}`", ask=ask)
    return found[name]


def is_built(service: Service) -> None:
    """It runs the image of the app, which is built here."""
    if not service.build:
        ask = "which image holds the app and its migrations?"
        raise NotYet(
            f"services.{service.name}",
            got="it has no `build`",
            wanted="the app's own image",
            ask=ask,
        )


def has_database_url(name: str) -> None:
    """The URL fits what the database was told, whatever the password is."""
    for password in ("s3cret", "0ther"):
        every = read_services({"POSTGRES_PASSWORD": password})
        got = every[name].environment.get("DATABASE_URL", "")
        wanted = f"postgresql+asyncpg://nightwatch:{password}@db:5432/nightwatch"
        if _parts(got) != _parts(wanted):
            ask = "who is `localhost` inside a container, and who sets the password?"
            raise NotYet(
                f"DATABASE_URL of {name}, with POSTGRES_PASSWORD={password}",
                got=got or "it is not set",
                wanted=wanted,
                ask=ask,
            )


def _parts(url: str) -> tuple[object, ...]:
    """What a driver reads in a URL, where 5432 may be left out."""
    found = urlsplit(url)
    login = (found.username, found.password)
    return found.scheme, *login, found.hostname, found.port or 5432, found.path


def asks_often_and_waits(health: Health) -> None:
    """Questions are short and frequent, and the first start may take its time."""
    if health.interval > 10 or health.timeout > 30:
        ask = "how long does everybody else wait for the next answer?"
        got = f"{health.interval:g} s between two questions, {health.timeout:g} s for an answer"
        raise NotYet(
            "healthcheck.interval", got=got, wanted="a question every 10 s at least", ask=ask
        )
    whole = health.start_period + health.interval * health.retries
    if whole < 30:
        ask = "how often may it say no before Compose gives up?"
        raise NotYet(
            "a start that takes 30 seconds",
            got=f"unhealthy after {whole:g} s",
            wanted="a health check that waits for it",
            ask=ask,
        )
