"""Packages beside the stack, and the files around it: passlib and bcrypt, SQLModel and psycopg,
passwords that are hidden, YAML, images and networks. What is not installed here says its own words
in a module of its name.
"""

import errno
import hashlib
import importlib
import types
from collections.abc import Callable

import asyncpg
import requests
import yaml
from docker.errors import DockerException
from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from reported import Place, raises, use
from reported.containers import refused


def said_by(module: str, error: str) -> Callable[[Place], None]:
    """What raises an error of these words in a function of this module."""
    made = types.ModuleType(module)
    exec(f"def check(place):\n    raise {error}\n", made.__dict__)
    checks: Callable[[Place], None] = made.check
    return checks


LONG = (
    'ValueError("password cannot be longer than 72 bytes, truncate manually if necessary (e.g.'
    ' my_password[:72])")'
)
UNKNOWN = 'type("UnknownHashError", (ValueError,), {})'
PYBYTES = "argument 'password': 'str' object cannot be converted to 'PyBytes'"
GUARD = "ForwardRef._evaluate() missing 1 required keyword-only argument: 'recursive_guard'"
INFER = "unable to infer type for attribute 'name'"
MULTIPART = 'Form data requires "python-multipart" to be installed.'
MULTIPART += ' It seems you installed "multipart" instead.'
NO_TYPE = "<class 'list'> has no matching SQLAlchemy type"
use("ValueError: passlib beside a newer bcrypt", said_by("passlib.handlers.bcrypt", LONG))
use("ValueError: a password that is too long for bcrypt", said_by("security", LONG))
use(
    "AttributeError: passlib asks bcrypt for its version",
    lambda _: types.ModuleType("bcrypt").__about__,
)
use(
    "UnknownHashError: what is stored is no hash",
    said_by("passlib.context", f'{UNKNOWN}("hash could not be identified")'),
    said_by("pwdlib", f'{UNKNOWN}("This hash can\'t be identified.")'),
)
use("ValueError: a hash that bcrypt cannot read", said_by("security", 'ValueError("Invalid salt")'))
use(
    "TypeError: a text for bcrypt",
    said_by("security", f'TypeError("{PYBYTES}")'),
    lambda _: hashlib.sha256("text"),  # type: ignore[arg-type]
)
use(
    "ValueError: a hash that was cut",
    said_by("passlib.handlers.bcrypt", 'ValueError("not enough values to unpack")'),
)
use(
    "TypeError: Pydantic 1 on a newer Python",
    said_by("pydantic.v1", f'TypeError("{GUARD}")'),
    said_by("pydantic.v1", f'type("ConfigError", (RuntimeError,), {{}})("{INFER}")'),
)
use(
    "RuntimeError: another package of the name multipart",
    said_by("fastapi", f"RuntimeError({MULTIPART!r})"),
)
use(
    "AttributeError: another package of the name jwt",
    lambda _: types.ModuleType("jwt").encode,
)
use(
    "ValueError: a type that SQLModel cannot make a column of",
    said_by("sqlmodel.main", f'ValueError("{NO_TYPE}")'),
)
use(
    "ModuleNotFoundError: psycopg, imported by the program itself",
    lambda _: importlib.import_module("psycopg2"),
    lambda _: importlib.import_module("psycopg2.errors"),
    lambda _: importlib.import_module("psycopg"),
)


def admin(place: Place) -> URL:
    return make_url(place.admin_url).set(drivername="postgresql+asyncpg", password="secret")


async def connected(url: URL | str) -> None:
    engine = create_async_engine(url)
    try:
        await engine.connect()
    finally:
        await engine.dispose()


use(
    "InvalidPasswordError: a password of asterisks",
    lambda place: connected(str(admin(place))),
    lambda place: connected(admin(place).set(password=f"{SecretStr('secret')}")),
    lambda place: asyncpg.connect(str(admin(place).set(drivername="postgresql"))),
    lambda place: asyncpg.connect(place.admin_url, password="*****"),
)


@raises("InvalidAuthorizationSpecificationError: the user of the operating system is another one")
async def peer(place: Place) -> None:
    raise asyncpg.InvalidAuthorizationSpecificationError.new(
        {"C": "28000", "M": 'Peer authentication failed for user "postgres"'}
    )


@raises("OSError: an address that this machine does not have")
async def not_assigned(place: Place) -> None:
    raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")


def loaded(heading: str, *texts: str) -> None:
    use(heading, *(lambda _, each=each: yaml.safe_load(each) for each in texts))  # type: ignore[misc]


loaded("ScannerError: YAML, indented with a tab", "services:\n\tdb: 1\n")
loaded(
    "ScannerError: YAML, a key where none may stand",
    "services:\n  db:\n    image: postgres:18\n     ports: 1\n",
    "command: echo a: b\n",
)
loaded(
    "ScannerError: YAML that cannot be read",
    "a: [1",
    "- a\nb: 1",
    "a: 'x",
    "a: @x",
    "a:\n  b: 1\n c\n",
)
loaded("ComposerError: YAML, an alias of what is not there", "a: &x 1\nb: *y")


@raises("DockerException: docker's package does not fit requests")
async def http_and_docker(place: Place) -> None:
    try:
        raise requests.exceptions.InvalidURL("Not supported URL scheme http+docker")
    except requests.exceptions.InvalidURL as error:
        raise DockerException(f"Error while fetching server API version: {error}") from error


RUN = 'OCI runtime create failed: exec: \\"uvicorn\\": '
REFUSALS = {
    "a program that the image does not have": [
        f"{RUN}executable file not found in $PATH: unknown",
        f"{RUN}stat ./start.sh: no such file or directory: unknown",
    ],
    "a folder in the place of a file": [
        "not a directory: unknown: Are you trying to mount a directory onto a file?"
    ],
    "a path that the engine's machine may not see": [
        "Mounts denied: The path /app is not shared from the host"
    ],
    "a name of an image that is none": ["invalid reference format"],
    "no addresses left for another network": [
        "could not find an available, non-overlapping IPv4 address pool among the defaults",
        "Pool overlaps with other one on this address space",
    ],
    "a network that is in use": ["network app_default has active endpoints"],
    "a network that is there already": ["network with name app_default already exists"],
    "a container that still runs": [
        "cannot remove container: container is running: stop the container before removing"
    ],
}
for title, messages in REFUSALS.items():
    use(
        f"APIError: {title}",
        *(lambda _, said=said: refused(409, said) for said in messages),  # type: ignore[misc]
    )
