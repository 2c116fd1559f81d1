"""What the doctor asks of the machine: disk, folders, paths, clock."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workbook.base import paths
from workbook.cli.doctor.finding import Finding

GIGABYTE = 1 << 30
EARLIEST = 1_767_225_600
"""The beginning of 2026: a clock before it is wrong."""


def free_space() -> Iterator[Finding]:
    """A gigabyte where packages and data go."""
    for folder in dict.fromkeys([paths.ROOT, _existing(paths.state())]):
        free = shutil.disk_usage(folder).free
        enough = free >= GIGABYTE
        repair = None if enough else "Free some space, or move the folder to a larger disk."
        yield Finding(enough, f"{free / GIGABYTE:.1f} GB are free in {folder}.", repair)


def writable_folders() -> Iterator[Finding]:
    """The learner's folder must take files; home need not."""
    work = _existing(paths.work())
    error = _write_error(work)
    yield Finding(
        error is None,
        f"{work} {'can be written' if error is None else f'cannot be written ({error})'}.",
        f"chmod -R u+w '{work}' || sudo chown -R $(id -un) '{work}'" if error else None,
    )
    home = Path("~").expanduser()
    if _write_error(home):
        yield Finding(True, f"Your home {home} cannot be written; the workbook does without it.")


def path_of_the_folder() -> Iterator[Finding]:
    """Letters and spaces do no harm; length and some kinds of disk do."""
    place = str(paths.ROOT)
    if len(os.fsencode(place)) > 200:
        shorter = "Move the folder to a shorter path, such as ~/nightwatch."
        yield Finding(False, f"The path of this folder has {len(place)} letters.", shorter)
    elif " " in place or not place.isascii():
        yield Finding(True, f"The path {place} has spaces or special letters. That is fine.")
    else:
        yield Finding(True, f"The path {place} is fine.")


def kind_of_disk() -> Iterator[Finding]:
    """File locks and file modes do not hold on Windows' disks in WSL, nor on every network disk."""
    kind = _file_system(paths.ROOT)
    if kind in ("9p", "drvfs", "cifs", "smb3", "smbfs", "nfs", "nfs4", "fuse.sshfs", "vboxsf"):
        repair = f"cp -r '{paths.ROOT}' ~/nightwatch && cd ~/nightwatch && ./wb lab"
        yield Finding(False, f"This folder is on a network or Windows disk ({kind}).", repair)


def closed_parents() -> Iterator[Finding]:
    """As root, PostgreSQL runs as another account, which cannot enter a closed folder."""
    from workbook.postgres.account import can_enter, server_account

    account = server_account()
    place = _existing(paths.state())
    if account and not can_enter(place, account):
        words = f"{account.name} cannot enter {place}; the server's data goes to /var/tmp."
        yield Finding(True, words, "Nothing to do.")


def clock() -> Iterator[Finding]:
    """A clock that is years behind breaks certificates and the lessons about time."""
    now = time.strftime("%Y-%m-%d %H:%M %Z")
    right = time.time() > EARLIEST
    yield Finding(right, f"The clock says {now}.", None if right else "sudo date -s '...'")


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(each for each in (path, *path.parents) if each.is_dir())


def _write_error(folder: Path) -> str | None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _file_system(path: Path) -> str:
    """The kind of file system the path is on, as the system calls it."""
    import psutil

    disks = [
        each for each in psutil.disk_partitions(all=True) if path.is_relative_to(each.mountpoint)
    ]
    return str(max(disks, key=lambda each: len(each.mountpoint)).fstype) if disks else ""


ALL = [free_space, writable_folders, path_of_the_folder, kind_of_disk, closed_parents, clock]
