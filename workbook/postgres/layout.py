"""Where the files of one embedded server are."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from workbook.postgres.account import Account, can_enter
from workbook.postgres.binaries import SHARED_TEMP
from workbook.postgres.problem import PostgresProblem


@dataclass(frozen=True)
class Layout:
    """The folder of one server, and the lock files that lie beside it."""

    home: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    @property
    def port_file(self) -> Path:
        """The port, remembered so that a restart uses the same one."""
        return self.home / "port"

    @property
    def passwords_file(self) -> Path:
        """The passwords of both roles; its presence says that the workbook made this folder."""
        return self.home / "passwords.json"

    @property
    def startup_log(self) -> Path:
        """What the server says before its own log is open."""
        return self.home / "server.log"

    @property
    def log(self) -> Path:
        """The server's log, one JSON object a line."""
        return self.data / "log" / "postgres.json"

    @property
    def users(self) -> Path:
        """Locked, shared, by every process that uses the server."""
        return self.home.with_name(self.home.name + ".users")

    @property
    def starting(self) -> Path:
        """Locked by whoever starts or stops the server."""
        return self.home.with_name(self.home.name + ".starting")

    @property
    def reaper(self) -> Path:
        """Locked by the process that stops the server when nobody is left."""
        return self.home.with_name(self.home.name + ".reaper")

    def port(self) -> int:
        """Return the port of the server as it was last started, 0 if it never was."""
        try:
            return int(self.port_file.read_text())
        except (OSError, ValueError):
            return 0

    def password(self, role: str) -> str:
        """Return the password of "admin" or "app"; PostgresProblem before the first start."""
        try:
            return str(json.loads(self.passwords_file.read_text())[role])
        except (OSError, ValueError, KeyError):
            raise PostgresProblem(
                f"There is no server in {self.home} yet, or its passwords cannot be read. "
                "Start it first; if that does not help, remove the folder: it is made again."
            ) from None


def locate(folder: Path, account: Account | None) -> Layout:
    """Prepare the place for a server: this folder, or a stable one that its account can enter."""
    folder = folder.expanduser().resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if account is None or can_enter(folder.parent, account):
            return Layout(folder)
        return Layout(_outside(folder) / folder.name)
    except OSError as error:
        raise PostgresProblem(
            f"The workbook cannot keep a server in {folder.parent} ({error.strerror}). Make the "
            "folder writable, or set WORKBOOK_CLUSTER to a folder of your own."
        ) from None


def _outside(folder: Path) -> Path:
    """Return a folder of ours in the system's lasting temporary folder, one for each path."""
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    outside = SHARED_TEMP / f"workbook-{os.getuid()}-{key}"
    outside.mkdir(mode=0o711, exist_ok=True)
    if outside.is_symlink() or outside.stat().st_uid != os.getuid():
        raise PostgresProblem(
            f"{outside} belongs to somebody else. Set WORKBOOK_CLUSTER to a folder of your own."
        )
    outside.chmod(0o711)
    return outside
