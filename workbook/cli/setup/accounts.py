"""A checkout that several accounts of a machine use: what they can reach, and who may mend it."""

import os
import pwd
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from workbook.base.paths import ROOT

FOR_ALL = stat.S_IROTH | stat.S_IXOTH


def is_closed_to_others(program: str) -> bool:
    """Whether other accounts can open this checkout, and not this program."""
    return _is_open(ROOT) and not _is_open(Path(program))


def closed_python() -> tuple[str, str] | None:
    """What is wrong with this Python where that holds of it, and the repair."""
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    if not is_closed_to_others(base):
        return None
    words = f"Other accounts can open this folder, and not the Python of its .venv ({base})."
    return words, "For them, with one that all can reach: /usr/bin/python3 wb doctor --again"


def may_not_mend(stale: list[str], stamp: Mapping[str, object], python: Path) -> str:
    """Why this account cannot use the installation, and who can put it right."""
    if python.is_symlink() and not os.access(python, os.X_OK):
        why = f"Its Python, {os.path.realpath(python)}, cannot be reached by this account"
    elif not stamp:
        why = "Nothing is installed in it yet"
    elif "root" in stale:
        why = f"It was installed as {stamp.get('root')}, and is another folder here"
    else:
        why = "Its list of packages or its Python has changed since it was installed"
    owner, me = _name(ROOT.stat().st_uid), _name(os.geteuid())
    return (
        f"{ROOT} belongs to {owner}, and {me} may not write there. {why}.\n"
        f"Let {owner} run there: /usr/bin/python3 wb doctor --again\n"
        f"Or have a copy of your own: cp -r '{ROOT}' ~/nightwatch && cd ~/nightwatch && ./wb lab"
    )


def _is_open(path: Path) -> bool:
    """Whether every account may read it, and pass each folder on the way to it."""
    try:
        return path.stat().st_mode & FOR_ALL == FOR_ALL and all(
            folder.stat().st_mode & stat.S_IXOTH for folder in path.parents
        )
    except OSError:
        return False


def _name(uid: int) -> str:
    """The account's name; its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the account {uid}"
