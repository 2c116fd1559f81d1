"""Write what the hub's configuration reads, and say what whoever teaches has to know.

`up` calls it as `settings.py FOLDER`, with its options in the environment.
"""

import json
import os
import secrets
import sys
from pathlib import Path

from firstuseauthenticator import FirstUseAuthenticator

from workbook.postgres.probe import free_port

LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Those that nobody confuses on a whiteboard."""
LEARNERS_LETTERS, INSTRUCTOR_BYTES = 12, 24


def new(old: dict[str, object]) -> dict[str, object]:
    """The settings of this start; passwords stay those of the last one."""
    given = os.environ
    return {
        "learners": sorted(set(given["NAMES"].split()) | set(_names(old))),
        "instructor": given["INSTRUCTOR"],
        "host": given["HOST"],
        "port": int(given["PORT"]),
        "tls": bool(given["TLS"]),
        "sign_in": given["SIGN_IN"],
        "proxy_account": given["PROXY_ACCOUNT"],
        "board_account": given["BOARD_ACCOUNT"],
        "hub_port": free_port(),
        "proxy_port": free_port(),
        "board_port": free_port(),
        "password": old.get("password") or _word(),
        "instructor_password": old.get("instructor_password")
        or secrets.token_urlsafe(INSTRUCTOR_BYTES),
    }


def _names(old: dict[str, object]) -> list[str]:
    names = old.get("learners", [])
    return [str(each) for each in names] if isinstance(names, list) else []


def _word() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LEARNERS_LETTERS))


def told(known: dict[str, object]) -> str:
    """Where the room is, and with which names and passwords it is entered."""
    scheme = "https" if known["tls"] else "http"
    address = f"{scheme}://{known['host']}:{known['port']}"
    first = "Each chooses a password of at least 8 letters at the first visit; it stays."
    shared = f"The password of all: {known['password']}"
    names = _names(known)
    lines = [
        f"The room is open: {address}",
        f"Names: {', '.join(names)}",
        shared if known["sign_in"] == "shared" else first,
        f"You: {known['instructor']}, {known['instructor_password']}",
        f"Your board, with names:     {address}/services/board/",
        f"For the projector, without: {address}/services/board/wall/",
    ]
    if known["host"] != "127.0.0.1" and not known["tls"]:
        lines.append(
            "Nothing is encrypted: whoever listens in this network reads passwords. "
            "Use --certificate and --key, or a reverse proxy that has them."
        )
    return "\n".join(lines)


def main(folder: Path) -> None:
    """Keep what an earlier start has decided."""
    path = folder / "settings.json"
    known = new(json.loads(path.read_text("utf-8")) if path.exists() else {})
    path.write_text(json.dumps(known, indent=1), "utf-8")
    # Nobody may be the first to come as the instructor.
    accounts = FirstUseAuthenticator(dbm_path=str(folder / "passwords"))
    accounts.reset_password(known["instructor"], known["instructor_password"])
    print(told(known))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
