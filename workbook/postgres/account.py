"""The account a server runs under: ours, or another one when we are root, which it refuses."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from workbook.base import settings
from workbook.postgres.problem import PostgresProblem


@dataclass(frozen=True)
class Account:
    """Another account, to which root steps down."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the account to step down to, None for an ordinary user; raises PostgresProblem."""
    if os.geteuid() != 0:
        return None
    wanted = settings.read().pg_user
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        if found := _lookup(name):
            return found
    raise PostgresProblem(
        f"PostgreSQL refuses to run as root, and there is no account {wanted or 'postgres'} to run "
        "it under. Work as an ordinary user, or set WORKBOOK_PG_USER to an existing account."
    )


def must_have_a_name() -> None:
    """PostgresProblem where this account has only a number: initdb asks the system for a name."""
    uid = os.geteuid()
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise PostgresProblem(
            f"Your account has the number {uid} and no name on this machine, and PostgreSQL asks "
            "for one. Start as an account that `getent passwd` lists (in a container, as root: "
            "PostgreSQL then runs as postgres), or set WORKBOOK_DATABASE_URL to another server."
        ) from None


def _lookup(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid > 0 else None


def can_enter(folder: Path, account: Account) -> bool:
    """Say whether the account may pass through this folder and all those above it."""
    return all(_may_pass(each.stat(), account) for each in [folder, *folder.parents])


def _may_pass(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def give(path: Path, account: Account | None) -> Path:
    """Hand a file or folder to the account that the server runs under."""
    if account:
        os.chown(path, account.uid, account.gid)
    return path
