"""Fetches the wheels of a kit with pip, each whole before it has its own name."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from workbook.base.disk import FULL
from workbook.base.problem import Problem
from workbook.base.whole import put_in_place
from workbook.cli import manifest
from workbook.cli.kit.plan import Wheel
from workbook.cli.kit.targets import Target

UNFINISHED = "unfinished"
"""Where pip writes, within the kit: what lies there is thrown away at the next start."""
SOURCES = (
    "INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX TRUSTED_HOST CERT CLIENT_CERT PROXY "
    "DEFAULT_TIMEOUT RETRIES CACHE_DIR NO_CACHE_DIR CONFIG_FILE KEYRING_PROVIDER"
)
"""What pip's variables may say here: where from. What, and where to, the kit says."""


def missing(wheels: Iterable[Wheel], folder: Path) -> list[Wheel]:
    """Those that do not lie in `wheels/` as the index has them."""
    return [wheel for wheel in wheels if not _is_there(wheel, folder / "wheels" / wheel.file)]


def fetch(wanted: Iterable[Wheel], folder: Path) -> None:
    """Fetch these wheels; a Problem with pip's own words where that fails."""
    for wheels in _batches(wanted):
        lines = [f"{each.requirement} --hash=sha256:{each.sha256}\n" for each in wheels]
        if not all(each.sha256 for each in wheels):  # an index without hashes
            lines = [f"{each.requirement}\n" for each in wheels]
        with tempfile.TemporaryDirectory() as place:
            listed = Path(place) / "wheels.txt"
            listed.write_text("".join(lines), "utf-8")
            options = ["--only-binary", ":all:", *wheels[0].target.pip_options()]
            _run_pip(["download", "--no-deps", "-r", str(listed), *options], folder)


def build(requirement: str, folder: Path) -> str:
    """Build a wheel for every Python and machine, without the package's C part; its path."""
    name, version = requirement.split("==")
    wheel = f"wheels/{name}-{version}-py3-none-any.whl"
    if not zipfile.is_zipfile(folder / wheel):
        options = ["--no-deps", "--no-cache-dir", "--no-binary", name, requirement]
        _run_pip(["wheel", *options], folder, {"PYYAML_FORCE_LIBYAML": "0"})
    if not zipfile.is_zipfile(folder / wheel):
        raise Problem(f"{requirement} cannot be built without its C part on this machine.")
    return wheel


def _is_there(wheel: Wheel, path: Path) -> bool:
    if not path.is_file():
        return False
    if not wheel.sha256:
        return wheel.size in (0, path.stat().st_size)
    return manifest.sha256(path) == wheel.sha256


def _batches(wanted: Iterable[Wheel]) -> Iterator[list[Wheel]]:
    """What one run of pip can fetch: wheels of one target, and one version of each package."""
    batches: dict[tuple[Target, int], dict[str, Wheel]] = {}
    for wheel in wanted:
        package = wheel.requirement.split("==")[0]
        for turn in count():
            batch = batches.setdefault((wheel.target, turn), {})
            if batch.setdefault(package, wheel) == wheel:
                break
    yield from (list(batch.values()) for batch in batches.values())


def _run_pip(arguments: list[str], folder: Path, more: dict[str, str] | None = None) -> None:
    """Let pip write beside the wheels, and give each its place when all of them are whole."""
    unfinished = folder / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    place = ["-w" if arguments[0] == "wheel" else "-d", str(unfinished)]
    pip = [sys.executable, "-m", "pip", *arguments, "-q", "--disable-pip-version-check", *place]
    try:
        environment = _environment() | (more or {})
        ran = subprocess.run(pip, env=environment, stderr=subprocess.PIPE, text=True)
        if ran.returncode:
            raise Problem(_sentence(ran.stderr))
        _put_in_place(unfinished, folder / "wheels")
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _put_in_place(unfinished: Path, wheels: Path) -> None:
    for wheel in sorted(unfinished.glob("*.whl")):
        put_in_place(wheel, wheels / wheel.name)


def _environment() -> dict[str, str]:
    """This one, without what pip's variables say of how and where to install."""
    kept = {f"PIP_{name}" for name in SOURCES.split()}
    return {k: v for k, v in os.environ.items() if not k.startswith("PIP_") or k in kept}


def _sentence(said: str) -> str:
    """What happened, and that nothing is lost."""
    if "No space left" in said:
        return FULL
    last = "\n".join(said.strip().splitlines()[-8:])
    return (
        f"The wheels could not be fetched. pip said:\n{last}\n\nCheck the network (and a proxy, "
        "where you need one), then run the same ./wb kit again: it goes on where it ended."
    )
