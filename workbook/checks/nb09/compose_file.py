"""The learner's docker-compose.yml, read as Compose reads it, and what two services must have."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from workbook.checks.verdict import NotYet
from workbook.stack.compose_file import ComposeFileError, Health, NotReadError, Service, services

FILE = "docker-compose.yml"
SECRET = {"POSTGRES_PASSWORD": "s3cret"}
"""A `.env` with what the file needs."""


def read_services(variables: dict[str, str]) -> dict[str, Service]:
    """All services by name, with these variables as `.env`; ComposeFileError for no such file."""
    return services(Path(FILE).read_text("utf-8"), variables)


def service_named(name: str) -> Service:
    """The learner's service; NotYet where the file cannot be used, or has none of this name."""
    return named(FILE, usable(FILE, lambda: read_services(SECRET)), name)


def usable(file: str, read: Callable[[], dict[str, Service]]) -> dict[str, Service]:
    """The services that are read from this file; NotYet where it cannot be used."""
    try:
        return read()
    except NotReadError as error:
        wanted, ask = "a file that it can try out", "how would the same be said without it?"
        raise NotYet.looked_at(file, got=str(error), wanted=wanted, ask=ask) from None
    except ComposeFileError as error:
        ask = "which line would Compose stumble over, or miss?"
        raise NotYet.looked_at(
            file, got=str(error), wanted="a file that Compose can use", ask=ask
        ) from None


def named(file: str, every: dict[str, Service], name: str) -> Service:
    """The service of this name; NotYet where the file has none."""
    if name not in every:
        ask = "under which name do the others look for it?"
        raise NotYet.looked_at(
            file, got=f"it has {', '.join(every)}", wanted=f"a service `{name}`", ask=ask
        )
    return every[name]


def says(called: str, got: str, wanted: tuple[str, ...], ask: str) -> None:
    """Pass where the file says one of these; else say what it says."""
    if got not in wanted:
        raise NotYet.looked_at(called, got=f"it is {got}", wanted=" or ".join(wanted), ask=ask)


def is_built(service: Service) -> None:
    """It runs the image of the app, which is built here."""
    if not service.build:
        ask = "which image holds the app and its migrations?"
        raise NotYet.looked_at(
            f"services.{service.name}",
            got="it has no `build`",
            wanted="the app's own image",
            ask=ask,
        )


PARTS = {
    "scheme": ("the driver", "which driver does the app's engine use, and how does a URL name it?"),
    "user": ("the user", "as whom does `db` let clients in: what is POSTGRES_USER there?"),
    "password": ("the password", "where does the password of `db` come from, and who else has it?"),
    "host": ("the host", "who is `localhost` inside a container, and how is `db` called there?"),
    "port": ("the port", "at which port does Postgres listen inside its container?"),
    "database": ("the database", "which database does `db` make: what is POSTGRES_DB there?"),
}
"""Each part of a URL: its name, and the question where it differs."""


def has_database_url(name: str) -> None:
    """The URL fits what the database was told, whatever the password is."""
    for password in ("s3cret", "0ther"):
        every = read_services({"POSTGRES_PASSWORD": password})
        _can_reach(every[name], every.get("db"))
        got = every[name].environment.get("DATABASE_URL", "")
        if got == "" and "DATABASE_URL" in every[name].environment:
            raise _empty(name)
        wanted = f"postgresql+asyncpg://nightwatch:{password}@db:5432/nightwatch"
        ours, theirs = _parts(urlsplit(wanted)), _parts(urlsplit(got))
        wrong = [part for part in PARTS if theirs[part] != ours[part]]
        if wrong:
            raise NotYet.looked_at(
                f"DATABASE_URL of {name}, with POSTGRES_PASSWORD={password}",
                got=f"{got}: {_told(wrong, theirs)}" if got else "it is not set",
                wanted=wanted,
                ask=PARTS[wrong[0]][1] if got else "how does the app learn where its database is?",
            )


def _empty(name: str) -> NotYet:
    """The file takes the whole URL from a variable that `.env` does not have."""
    return NotYet.looked_at(
        f"DATABASE_URL of {name}, with {' and '.join(SECRET)} in .env, and nothing else",
        got="it is empty: Compose puts nothing in the place of a variable that is not there",
        wanted="a URL with the password of .env in it",
        ask="which variables does `.env` hold, and which does this line ask for?",
    )


def _told(wrong: list[str], parts: dict[str, str]) -> str:
    return " and ".join(f"{PARTS[part][0]} is {parts[part] or 'missing'}" for part in wrong)


def _parts(url: SplitResult) -> dict[str, str]:
    """What a driver reads in a URL, where 5432 may be left out."""
    _, _, place = url.netloc.rpartition("@")
    port = place.rpartition(":")[2] if ":" in place else "5432"
    return {
        "scheme": url.scheme,
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "host": url.hostname or "",
        "port": port,
        "database": url.path.removeprefix("/"),
    }


def _can_reach(service: Service, db: Service | None) -> None:
    """Both are in one network at least."""
    if db and not set(service.networks) & set(db.networks):
        own, others = ", ".join(service.networks), ", ".join(db.networks)
        raise NotYet.looked_at(
            f"services.{service.name}.networks",
            got=f"{service.name} is in {own}, and db in {others}",
            wanted="a network that has both",
            ask="who finds a name that belongs to another network?",
        )


def asks_often_and_waits(health: Health) -> None:
    """Questions are short and frequent, and the first start may take its time."""
    if health.interval > 10 or health.timeout > 30:
        ask = "how long does everybody else wait for the next answer?"
        got = f"{health.interval:g} s between two questions, {health.timeout:g} s for an answer"
        raise NotYet.looked_at(
            "healthcheck.interval", got=got, wanted="a question every 10 s at least", ask=ask
        )
    whole = health.start_period + health.interval * health.retries
    if whole < 30:
        ask = "how often may it say no before Compose gives up?"
        raise NotYet.looked_at(
            "a start that takes 30 seconds",
            got=f"unhealthy after {whole:g} s",
            wanted="a health check that waits for it",
            ask=ask,
        )
