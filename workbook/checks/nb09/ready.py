"""09.ready: a database with a password from outside, whose health check says the truth."""

from pathlib import Path

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb09 import first_start
from workbook.checks.nb09.compose_file import (
    FILE,
    asks_often_and_waits,
    read_services,
    says,
    service_named,
)
from workbook.checks.nb09.lone_container import ONE_BY_ONE, run_together
from workbook.checks.nb09.programs_there import SEVERAL, asks_with_what_is_there, shell_line
from workbook.checks.verdict import NotYet
from workbook.stack import compose_yaml
from workbook.stack.compose_file import ComposeFileError, Service
from workbook.stack.postgres_image import holds_data, refusal, variables

EXITS = "the image exits, and says: "
MOMENTS = (
    ("when nothing runs", "not ready", "what does your command ask at all?"),
    (
        "while the image sets itself up",
        "not ready",
        "which address does the private server not listen on?",
    ),
    ("when the server takes connections", "ready", "what does your command ask, and whom?"),
)
"""Of a first start: what a health check that tells the truth says, and the question to ask."""


async def check(answer: Answer) -> None:
    """A password from outside, data that stay, and a health check that tells the truth."""
    db = service_named("db")
    if not db.postgres:
        raise NotYet.looked_at(
            "services.db.image",
            got=f"it is {db.image or 'missing'}",
            wanted="a Postgres image, with its version",
            ask="which version do your tests run on?",
        )
    _password_from_outside(db)
    _keeps_its_data(db)
    expect_state(
        "services.db.ports: those that others can reach",
        [port for port in db.ports if not port.startswith("127.0.0.1:")],
        [],
        "who else is in this network?",
    )
    if db.health is None:
        ask = "how does anybody know that it takes connections?"
        raise NotYet.looked_at(
            "services.db.healthcheck", got="there is none", wanted="a health check", ask=ask
        )
    asks_often_and_waits(db.health)
    asks_with_what_is_there(db, db.health)
    await _tells_the_truth(answer, db)


def _password_from_outside(db: Service) -> None:
    told = variables(db)
    names = {key: told.get(key) for key in ("POSTGRES_USER", "POSTGRES_DB")}
    names["POSTGRES_DB"] = names["POSTGRES_DB"] or names["POSTGRES_USER"]  # as the image does
    expect_state(
        "services.db.environment: the user and the database",
        names,
        dict.fromkeys(names, "nightwatch"),
        "as whom will the app log in?",
    )
    called = "services.db.environment, with POSTGRES_PASSWORD=s3cret in .env"
    if told.get("POSTGRES_HOST_AUTH_METHOD") == "trust":
        ask = "who may log in then, and from where?"
        got = "POSTGRES_HOST_AUTH_METHOD is trust: nobody is asked for one"
        raise NotYet.looked_at(called, got=got, wanted="s3cret", ask=ask)
    if why := refusal(db) if "POSTGRES_PASSWORD" not in told else "":
        said = f"{EXITS}{why}"
        raise NotYet.looked_at(
            called, got=said, wanted="s3cret", ask="which file does the container see?"
        )
    password = told.get("POSTGRES_PASSWORD")
    if not password:
        ask = "which variable of the image holds the password, and where does its value come from?"
        raise NotYet.looked_at(called, got="the container gets none", wanted="s3cret", ask=ask)
    ask = "who knows the password that stands in this file?"
    if "${" in password:
        ask = "what does Compose make of `$$`, and what of a single `$`?"
    says(called, f"the password {password}", ("the password s3cret",), ask)
    _not_without_one()


def _not_without_one() -> None:
    """Compose itself stops where there is no `.env`, or an empty line in it.

    A file of variables, or a secret, has no place for a sentence about an empty line: the image
    has one, and exits.
    """
    _stops("without a .env", {}, "which sign after the variable's name wants a value?")
    if _is_asked_for_by_name():
        ask = "what does `?` ask of a variable, and what does `:?` ask of it?"
        _stops("with the line POSTGRES_PASSWORD= in .env", {"POSTGRES_PASSWORD": ""}, ask)


def _is_asked_for_by_name() -> bool:
    """Whether `environment` of the service itself says from which variable the password comes."""
    whole = compose_yaml.load(Path(FILE).read_text("utf-8"))
    own = whole["services"]["db"].get("environment") or {}
    lines = own if isinstance(own, list) else [f"{name}={value}" for name, value in own.items()]
    return any(str(each).startswith("POSTGRES_PASSWORD=$") for each in lines)


def _stops(where: str, env: dict[str, str], ask: str) -> None:
    """NotYet where Compose starts the container all the same."""
    try:
        given = variables(read_services(env)["db"]).get("POSTGRES_PASSWORD")
    except ComposeFileError:
        return
    shown = "no password" if given is None else "an empty password"
    if given:
        shown = f"the password {given!r}, which the file gives to whoever has none"
    raise NotYet.looked_at(
        f"docker compose up, {where}",
        got=f"Compose starts the container, with {shown}",
        wanted="a sentence of Compose's that says what is missing, and no start",
        ask=ask,
    )


def _keeps_its_data(db: Service) -> None:
    named = [each for each in db.volumes if each[:1] not in "./~"]
    where = f"where does an image of PostgreSQL {db.postgres} keep its data?"
    kept = "a volume in which the data are kept"
    if why := refusal(db):
        raise NotYet.looked_at("services.db.volumes", got=f"{EXITS}{why}", wanted=kept, ask=where)
    if any(holds_data(db, each) for each in named):
        return
    folders = [each for each in db.volumes if each not in named and holds_data(db, each)]
    if folders:
        source = folders[0].partition(":")[0]
        got = f"the data lie in {source}, a folder of this machine, and in no volume"
        ask = "which of the two is under `volumes:` at the end of the file?"
        raise NotYet.looked_at("services.db.volumes", got=got, wanted=kept, ask=ask)
    got = ", ".join(db.volumes) or "there is none"
    raise NotYet.looked_at("services.db.volumes", got=got, wanted=kept, ask=where)


async def _tells_the_truth(answer: Answer, db: Service) -> None:
    """Ask at three moments of a first start: nothing is there, only a socket, all of it."""
    said = await first_start.asked_at_each_moment(answer, db)
    for (moment, wanted, ask), code in zip(MOMENTS, said, strict=True):
        got, line = "not ready" if code else "ready", shell_line(db)
        if got != wanted:
            ask = _about_the_line(db, line, code) or ask
            got += f": the shell gets `{line}`" if code and line else ""
        expect_state(f"the health check, {moment}", got, wanted, ask)


def _about_the_line(db: Service, line: str, code: int) -> str:
    """The question about how the command is written, where that is what is wrong with it."""
    if code and db.health and run_together(db.health.test):
        return ONE_BY_ONE
    if code and line.startswith("CMD"):
        return "which program does a shell look for, when a line begins so?"
    if not code and any(mark in line for mark in "|;"):
        return SEVERAL
    return ""
