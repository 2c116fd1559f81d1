"""Make the data folder of an embedded server: two roles, and the same sorting everywhere."""

import json
import secrets
import shutil
from pathlib import Path

from workbook.base import platforms
from workbook.base.whole import remove_half_made, whole_folder
from workbook.postgres import process, tools
from workbook.postgres.account import Account, give, must_have_a_name
from workbook.postgres.layout import Layout
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import ADMIN, APP

NEEDED_BYTES = 200_000_000


def ensure_made(layout: Layout, programs: Path, major: int, account: Account | None) -> None:
    """Make the folder unless it is there; the caller holds the start lock."""
    if _version(layout) == str(major):
        return
    must_have_a_name()
    _set_aside(layout)
    _check_space(layout.home.parent)
    _make(layout, programs, major, account)


def _version(layout: Layout) -> str:
    try:
        return (layout.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise PostgresProblem(
            f"The server's folder {layout.home} cannot be read ({error.strerror}): another account "
            "made it. Use that account, or set WORKBOOK_CLUSTER to a folder of your own."
        ) from None


def _set_aside(layout: Layout) -> None:
    """Move away what another major version left; refuse a folder that is not the workbook's."""
    remove_half_made(layout.home)
    if not layout.home.exists() or not any(layout.home.iterdir()):
        return
    if not layout.passwords_file.exists():
        raise PostgresProblem(
            f"{layout.home} is there and holds something that the workbook did not make. "
            "Set WORKBOOK_CLUSTER to another folder, or move this one away."
        )
    process.end(layout.data, "fast")
    old = layout.home.with_name(f"{layout.home.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    layout.home.rename(old)


def _check_space(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < NEEDED_BYTES:
        raise PostgresProblem(
            f"There are only {free // 1_000_000} MB free in {folder}, and a server needs "
            f"{NEEDED_BYTES // 1_000_000}. Free some space, or set WORKBOOK_CLUSTER to a folder "
            "on another disk."
        )


def _make(layout: Layout, programs: Path, major: int, account: Account | None) -> None:
    try:
        with whole_folder(layout.home) as beside:
            _fill(Layout(give(beside, account)), programs, major, account)
    except OSError as error:
        raise PostgresProblem(
            f"The server's folder {layout.home} could not be made ({error.strerror}). Make the "
            "folder above it writable, or set WORKBOOK_CLUSTER to a folder of your own."
        ) from None


def _fill(layout: Layout, programs: Path, major: int, account: Account | None) -> None:
    passwords = {role: secrets.token_urlsafe(16) for role in ("admin", "app")}
    secret = layout.home / "admin-password"
    secret.touch(mode=0o600)
    secret.write_text(passwords["admin"])
    options = ["--encoding=UTF8", "--auth=scram-sha-256", "--no-sync", "--no-instructions"]
    if major >= 18:  # where they are the default, and a quarter of the time that this takes
        options.append("--no-data-checksums")
    arguments: list[str | Path] = [
        "-D",
        layout.data,
        "-U",
        ADMIN,
        "--pwfile",
        give(secret, account),
        *options,
    ]
    _checked(programs / "initdb", *arguments, *_locale(major), account=account)
    secret.unlink()
    create = f"CREATE ROLE {APP} LOGIN CREATEDB PASSWORD '{passwords['app']}';\n"
    single: list[str | Path] = [
        "--single",
        "-D",
        layout.data,
        "-c",
        "password_encryption=scram-sha-256",
        "postgres",
    ]
    _checked(programs / "postgres", *single, account=account, text=create)
    with (layout.data / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude_if_exists = 'workbook.conf'\n")
    layout.passwords_file.touch(mode=0o600)
    layout.passwords_file.write_text(json.dumps(passwords))


def _locale(major: int) -> list[str]:
    """Sort by code point and know every letter's case, on every version and system."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", f"--lc-ctype={platforms.locale_of_letters()}"]


def _checked(program: Path, *args: str | Path, account: Account | None, text: str = "") -> None:
    code, said = tools.run(program, *args, account=account, text=text)
    if code or "FATAL" in said or "ERROR" in said:
        last = " ".join(said.split("\n")[-4:]).strip()
        raise PostgresProblem(
            f"A new server could not be made: {program.name} says {last!r}. Look whether the disk "
            "is full, and try again; WORKBOOK_CLUSTER moves the server to another folder."
        )
