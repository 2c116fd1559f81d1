"""Every environment variable of the workbook's own: WORKBOOK_ and the field's name in capitals.

Ask at the time of use, with `read()`: tests, `wb lab --postgres` and `%env` in a notebook set
variables late. An empty variable counts as one that is not set. Numbers stay text here, so that a
wrong one stops only what needs it, with a sentence of its own.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

PREFIX = "WORKBOOK_"
YES = ("on", "yes", "true", "1", "required")
NO = ("off", "no", "false", "0")


@dataclass(frozen=True)
class Settings:
    """What the environment says. A text that is not set is "" unless a default stands here."""

    work: str = ""
    """The learner's own folder; `work/` in the checkout where it is not set."""
    postgres: str = ""
    """The server to use: `embedded`, `compose` or `testcontainers`; `--postgres` sets it."""
    database_url: str = ""
    """A PostgreSQL of your own, as `postgresql://user:password@host:5432/database`."""
    admin_url: str = ""
    """A second role there, which reads the server's log and makes the databases."""
    database_prefix: str = ""
    """The first part of the names of the workbook's databases. Where it is not set: `nightwatch`,
    and on a server of WORKBOOK_DATABASE_URL letters of this workbook alone behind it."""
    cluster: str = ""
    """The folder of the embedded server; in the workbook's own state where it is not set."""
    keep_seconds: str = "20"
    """How long the embedded server stays after its last user has gone: whole seconds."""
    pg_bin: str = ""
    """The folder of the PostgreSQL programs to use in place of those from pip."""
    pg_version: str = "18"
    """Which of the versions from pip the embedded server has: 18 or 16."""
    pg_user: str = ""
    """The account that the embedded server runs under when you are root."""
    docker: bool = True
    """Whether Docker may be used: `off` makes its cells replay."""
    pg_image: str = ""
    """The image of PostgreSQL in containers; `postgres:18-alpine` where it is not set."""
    token: str = ""
    """JupyterLab's token; a new one at each start where it is not set."""
    lab_ip: str = "127.0.0.1"
    """The address on which JupyterLab listens; a container needs `0.0.0.0`."""
    room: str = ""
    """The code of the room that `wb lab` joins, as `--room` names it; none where it is not set."""
    room_name: str = ""
    """Your name in that room, as `--name` says it."""
    hub_board: str = ""
    """Set by a JupyterHub: the address at which its board takes reports."""
    work_outside: str = ""
    """The learner's folder as the host calls it, where `wb lab` runs in a container."""
    warm: bool = True
    """Whether processes are made ready before they are needed: `no` where that disturbs."""
    check_seconds: str = "8"
    """How long one check may take, in seconds."""
    type_cache: str = ""
    """The folder of mypy's cache; in the workbook's own state where it is not set."""
    material: str = ""
    """The folder of the lessons' facts, for tests and for the build."""
    docker_log: str = ""
    """The file in which `wb test` finds what really ran in containers."""
    repository: str = ""
    """The workbook's address, for the links of `wb site`: files, and reports of what is wrong."""
    lab_expose: bool = False
    """Whether a page gets JupyterLab's own object, as the tests in a browser need it."""
    browser: bool = False
    """Whether `wb test` fails where there is no browser: `required` in CI."""
    chart: str = ""
    """The folder with the schema and the defaults of Zero to JupyterHub's chart, for its test."""
    chromium: str = ""
    """The browser of those tests, where it is none of the usual ones."""
    started: str = ""
    """Set by `wb`: the time at which it began, in seconds since 1970."""
    install_seconds: str = "0"
    """Set by `wb`: how long the installation took."""
    fork_servers: str = ""
    """Set by `wb test`: the folder of the fork servers that serve checks."""
    fork_records: str = ""
    """Set by `wb test`: the folder in which each fork is noted, for who looks for what is left."""
    forked_kernel: str = ""
    """Set by `wb test`: the command that starts a kernel as a fork of a warm one."""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings as they are at this moment."""
    given = {each.name: environment.get(variable(each.name), "") for each in fields(Settings)}
    return Settings(**{name: _value(name, text) for name, text in given.items() if text})


def variable(name: str) -> str:
    """The environment variable of this field: `WORKBOOK_DATABASE_URL` for `database_url`."""
    return PREFIX + name.upper()


def _value(name: str, text: str) -> Any:
    """The text itself, or yes or no; what is neither leaves the default."""
    default = getattr(Settings, name)
    if isinstance(default, bool):
        return text.lower() in YES or (default and text.lower() not in NO)
    return text
