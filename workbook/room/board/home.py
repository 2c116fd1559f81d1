"""A room that lasts: its code, its keys and its people, in a folder of the workbook's state."""

import secrets
import shutil
import time
from pathlib import Path

from pydantic import BaseModel, ValidationError

from workbook.base import paths
from workbook.base.locks import Lock
from workbook.base.problem import Problem
from workbook.postgres import probe
from workbook.room.board import certificate
from workbook.room.board.people import Person
from workbook.room.board.store import Store
from workbook.room.wire.code import TOKEN_BYTES, Code
from workbook.workspace import files

KEY_BYTES = 16
NO_ROOM = "There is no room here yet. You open one with: ./wb room"
IN_USE = "A room is open in this folder. End it with Ctrl-C in its own terminal first."


class RoomProblem(Problem):
    """The room cannot be used; the text says why and what to do."""


class Room(BaseModel):
    """What stays the same when `wb room` is started again."""

    begun: float
    """In seconds since 1970."""
    token: str
    fingerprint: str
    port: int
    """The one at which reports come in."""
    pages_port: int
    board_key: str
    wall_key: str

    def code(self, host: str) -> Code:
        """What learners join with, who reach the room at this address."""
        return Code(host, self.port, self.token, self.fingerprint)

    @property
    def title(self) -> str:
        """When it was opened, in words."""
        return time.strftime("the room of %Y-%m-%d %H:%M", time.localtime(self.begun))


def folder() -> Path:
    """Where the room of this checkout lies; its owner alone may enter."""
    return paths.state() / "room"


def certificate_path() -> Path:
    """Key and certificate, for uvicorn."""
    return folder() / "certificate.pem"


def lock() -> Lock:
    """Whoever has it, serves the room."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return Lock(folder() / "lock")


def known() -> Room | None:
    """The room that was opened here, or None; one that cannot be read counts as none."""
    try:
        return Room.model_validate_json((folder() / "room.json").read_bytes())
    except (OSError, ValidationError):
        return None


def open_room(port: int | None) -> Room:
    """The room that was opened here, at this port if one is named; a new one where there is none.

    Only for whoever has the lock.
    """
    room = known() or _made()
    if port is not None:
        room = room.model_copy(update={"port": port})
    files.write(folder() / "room.json", room.model_dump_json(indent=1), mode=0o600)
    return room


def store() -> Store:
    """The people of the room."""
    return Store(folder() / "people.sqlite")


def people() -> list[Person]:
    """Everybody who has joined, from the disk; RoomProblem where there is no room."""
    if known() is None:
        raise RoomProblem(NO_ROOM)
    with store() as opened:
        return opened.people()


def forget() -> None:
    """Remove the room and all that is known of its people; RoomProblem while it is open."""
    mine = lock()
    if not mine.try_take():
        raise RoomProblem(IN_USE)
    try:
        remove()
    finally:
        mine.free()


def remove() -> None:
    """The same, for whoever has the lock."""
    for each in folder().iterdir():
        if each.name != "lock":
            shutil.rmtree(each) if each.is_dir() else each.unlink()


def _made() -> Room:
    """A room with a certificate, a token and keys of its own, and with nobody in it."""
    remove()
    pem, fingerprint = certificate.make()
    files.write(certificate_path(), pem, mode=0o600)
    return Room(
        begun=time.time(),
        token=secrets.token_hex(TOKEN_BYTES),
        fingerprint=fingerprint,
        port=probe.free_port(),
        pages_port=probe.free_port(),
        board_key=secrets.token_urlsafe(KEY_BYTES),
        wall_key=secrets.token_urlsafe(KEY_BYTES),
    )
