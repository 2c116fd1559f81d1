"""Who this laptop is in a room, and what is known of its reports: two small files of the state.

`room.json` stays: the learner's name, and the random bits from which each room gets others, so that
whoever runs one room cannot speak for its learners in the next. `room-now.json` is there while
reports are sent.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
from pydantic import BaseModel, ValidationError

from workbook.base import paths
from workbook.room.wire.code import Code
from workbook.room.wire.report import as_name
from workbook.workspace import files


class Learner(BaseModel):
    """What this laptop remembers of itself."""

    name: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Now:
    """The reports that a process sends at this moment."""

    pid: int
    since: float
    """When that process began, in seconds since 1970."""
    code: str
    name: str
    laptop: str
    received: float | None = None
    """When the board took the last report, in seconds since 1970."""
    problem: str = ""
    """Why the last one was not taken."""


def remembered_name() -> str:
    """The name of the last time, or nothing."""
    return _learner().name


def join(code: Code, name: str) -> Now:
    """Remember the name, and note that this process sends; ValueError for a name of no use."""
    learner = Learner(name=as_name(name), secret=_learner().secret or secrets.token_hex(32))
    files.write(paths.state() / "room.json", learner.model_dump_json(), mode=0o600)
    me = psutil.Process()
    now = Now(me.pid, me.create_time(), str(code), learner.name, _laptop(learner.secret, code))
    _write(now)
    return now


def told(now: Now, problem: str) -> Now:
    """Note what came of a report: nothing, or why it was not taken."""
    new = replace(now, problem=problem)
    if not problem:
        new = replace(new, received=time.time())
    _write(new)
    return new


def current() -> Now | None:
    """The reports that a living process sends; None where none does."""
    try:
        noted = Now(**json.loads(_path().read_text("utf-8")))
        began = psutil.Process(noted.pid).create_time()
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
    return noted if abs(began - noted.since) < 1 else None


def leave() -> None:
    """Note that nothing is sent any more."""
    noted = current()
    if noted and noted.pid == os.getpid():
        _path().unlink(missing_ok=True)


def _learner() -> Learner:
    try:
        return Learner.model_validate_json((paths.state() / "room.json").read_bytes())
    except (OSError, ValidationError):
        return Learner()


def _laptop(secret: str, code: Code) -> str:
    """32 hexadecimal digits that this laptop alone knows, and others for each room."""
    room = bytes.fromhex(code.fingerprint)
    return hmac.new(secret.encode(), room, hashlib.sha256).hexdigest()[:32]


def _write(now: Now) -> None:
    """In one step, and without waiting for the disk: after a crash nobody sends, and it is void."""
    new = _path().with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(asdict(now)), "utf-8")
    new.replace(_path())


def _path() -> Path:
    return paths.state() / "room-now.json"
