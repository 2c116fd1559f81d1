"""Whose a database is on a server that several workbooks use: a mark that is no path.

Two containers may have their work in folders of one name, so a path says nothing. The mark is
random and lies in the workbook's state. A moved folder keeps it, a copy gets one of its own.
"""

import json
import secrets
from pathlib import Path

from workbook.base import paths
from workbook.base.locks import Lock, held
from workbook.postgres.problem import PostgresProblem

FILE = "owner.json"
LETTERS = 8


def mark() -> str:
    """The mark of this learner's folder, eight hexadecimal digits; made where there is none.

    PostgresProblem where the folder cannot be written.
    """
    state = paths.state()
    try:
        state.mkdir(parents=True, exist_ok=True)
        with held(Lock(state / f"{FILE}.lock")):
            return _known(state) or _made(state)
    except (OSError, TimeoutError) as error:
        raise PostgresProblem(
            f"The workbook cannot write {state / FILE} ({error}). Make the folder writable, "
            "or set WORKBOOK_WORK to a folder of your own."
        ) from None


def _known(state: Path) -> str:
    """The mark that lies there, "" where there is none, or where it is that of another folder."""
    noted = _read(state / FILE)
    if noted.get("state") == str(state):
        return noted["mark"]
    if not noted or _is_copied(noted["state"], state, noted["mark"]):
        return ""
    return _write(state, noted["mark"])  # it was moved, or has another path in this container


def _is_copied(origin: str, here: Path, mark: str) -> bool:
    """Whether the folder that the mark was made in is still there, and is not this one."""
    try:
        if Path(origin).samefile(here):
            return False
        return _read(Path(origin) / FILE).get("mark") == mark
    except PermissionError:  # somebody else's, from whom ours was copied
        return True
    except OSError:
        return False


def _read(path: Path) -> dict[str, str]:
    """What was noted; PermissionError where that cannot be said."""
    try:
        noted = json.loads(path.read_text("utf-8"))
        return {"mark": str(noted["mark"]), "state": str(noted["state"])}
    except PermissionError:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _made(state: Path) -> str:
    return _write(state, secrets.token_hex(LETTERS // 2))


def _write(state: Path, mark: str) -> str:
    new = state / f".{FILE}"
    new.write_text(json.dumps({"mark": mark, "state": str(state)}), "utf-8")
    new.replace(state / FILE)
    return mark
