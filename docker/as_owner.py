"""In the container: begins as root, and goes on as whoever owns the learner's files outside."""

import contextlib
import os
import pwd
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "work"
CHECKOUT = Path("/checkout/docker-compose.yml")
PASSWORD = Path("/run/workbook/password")
HOME = "/home/learner"
USUAL = 1000


def owner() -> tuple[int, int]:
    """Who is named, else who owns work/, else the checkout, else the usual first account."""
    group = os.environ.get("WORKBOOK_GID")
    if os.environ.get("WORKBOOK_UID"):
        return _number("WORKBOOK_UID"), _number("WORKBOOK_GID" if group else "WORKBOOK_UID")
    for place in (WORK, CHECKOUT):
        if place.exists() and (found := place.stat()).st_uid:
            return found.st_uid, found.st_gid
    return USUAL, USUAL


def _number(name: str) -> int:
    """The account's or group's number in this variable; the end, with a sentence, for another."""
    text = os.environ[name]
    if not text.isascii() or not text.isdecimal():
        sys.exit(
            f"{name} is {text!r}; it takes a number, such as the one that `id -u` prints. "
            "Correct it or unset it, and run docker compose up again."
        )
    return int(text)


def adopt(uid: int, gid: int) -> None:
    """Hand over what is root's in work/: the engine makes the folder where it is missing."""
    for folder, _, names in os.walk(WORK):
        for path in [Path(folder), *(Path(folder, name) for name in names)]:
            with contextlib.suppress(OSError):  # some disks know no owners
                if path.lstat().st_uid == 0:
                    os.chown(path, uid, gid, follow_symlinks=False)


def let_in() -> None:
    """Put the database's password into the addresses that have none: only root can read it."""
    for name in ("WORKBOOK_DATABASE_URL", "WORKBOOK_ADMIN_URL"):
        parts = urlsplit(os.environ.get(name, ""))
        if parts.username and parts.password is None and PASSWORD.exists():
            user, _, place = parts.netloc.rpartition("@")
            secret = quote(PASSWORD.read_text("utf-8"), safe="")
            os.environ[name] = parts._replace(netloc=f"{user}:{secret}@{place}").geturl()


def become(uid: int, gid: int) -> None:
    """Step down for good, to an account with a name and a home: PostgreSQL asks for the name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        with Path("/etc/passwd").open("a") as accounts:
            accounts.write(f"learner:x:{uid}:{gid}::{HOME}:/bin/bash\n")
    for place in (HOME, ROOT):  # `wb test` keeps its caches beside the package
        os.chown(place, uid, gid)
    os.environ["HOME"] = HOME
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(command: list[str]) -> None:
    """Become the owner, then the command."""
    if os.geteuid() == 0:
        uid, gid = owner()
        adopt(uid, gid)
        let_in()
        become(uid, gid)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
