"""Makes a kit: says its size, fetches what is not there yet, and writes down what it holds."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

from workbook.base.disk import full_is_a_problem
from workbook.base.paths import ROOT
from workbook.base.problem import Problem
from workbook.cli import manifest
from workbook.cli.kit import contents, fetch, plan
from workbook.cli.kit.plan import Share, Wheel
from workbook.cli.kit.targets import PLATFORMS, PYTHONS, Target, chosen
from workbook.cli.manifest import Manifest

Say = Callable[[str], None]
SPARE = 50_000_000
"""Bytes that stay free on the disk: the checkout needs some, and so does the file system."""


def make(folder: Path, platforms: list[str], pythons: list[str], say: Say) -> None:
    """Make the kit, or go on with it; a Problem with what to do where that cannot be."""
    folder = folder.resolve()
    before = _kit_of_before(folder)
    named = chosen(platforms or [*PLATFORMS], pythons or [*PYTHONS])
    say("Asking the index which wheels there are, and how large ...")
    locked = plan.lock(ROOT / "requirements.txt")
    targets = _with_those_of_before(before, named)
    shares = _possible([plan.share(locked, target) for target in targets], say)
    wanted = fetch.missing(_wheels(shares), folder)
    _say_sizes(shares, wanted, folder, say)
    with full_is_a_problem():
        _fill(folder, shares, wanted, before, say)
    say(f"Done: {folder}\nProve it with: ./wb kit --check '{folder}'")


def _kit_of_before(folder: Path) -> Manifest | None:
    """The manifest of the kit that is to go on; a Problem where the folder holds other things."""
    if folder.is_relative_to(ROOT) or ROOT.is_relative_to(folder):
        raise Problem(f"Name a folder outside of this checkout: {folder} is within it, or above.")
    before = manifest.read(folder)
    if before is None and (folder / manifest.NAME).is_file():
        return None  # damaged: made anew over what is there
    if before is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(
            f"{folder} holds other things already. Name a new folder, such as {folder}/nightwatch"
        )
    return before


def _with_those_of_before(before: Manifest | None, named: list[Target]) -> list[Target]:
    """The targets that are named, and with them those that the kit was made for."""
    old = before.targets if before else []
    return list(dict.fromkeys([*named, *(Target(*each.split("/")) for each in old)]))


def _possible(shares: list[Share], say: Say) -> list[Share]:
    """Those for which the index has everything; the others are told, with what they lack."""
    for share in shares:
        if share.lacks:
            say(f"Left out: {share.target}. There is no wheel of {', '.join(sorted(share.lacks))}.")
    found = [share for share in shares if not share.lacks]
    if not found:
        raise Problem("There is nothing left to make a kit for.")
    return found


def _wheels(shares: list[Share]) -> list[Wheel]:
    """The wheels of all shares, each once."""
    return list({wheel.file: wheel for share in shares for wheel in share.wheels}.values())


def _say_sizes(shares: list[Share], wanted: list[Wheel], folder: Path, say: Say) -> None:
    """What is to be fetched, in all and for each target; a Problem where the disk is too small."""
    for share in shares:
        say(f"  {share.target}: {len(share.wheels)} wheels, {_mb(plan.size(share.wheels))}")
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free, fetched, wheels = shutil.disk_usage(there).free, plan.size(wanted), _wheels(shares)
    say(
        f"Many serve several: together {len(wheels)} wheels, {_mb(plan.size(wheels))}. "
        f"To be fetched now: {len(wanted)}, {_mb(fetched)}. Free there: {_mb(free)}."
    )
    if fetched + SPARE > free:
        raise Problem(
            f"{there} has {_mb(free)} free, and {_mb(fetched + SPARE)} are needed. Make room, or "
            "name fewer: --platform linux-x86_64 --python 3.13"
        )


def _fill(
    folder: Path, shares: list[Share], wanted: list[Wheel], before: Manifest | None, say: Say
) -> None:
    """The checkout, the wheels, and last of all the manifest that calls the kit complete."""
    (folder / "wheels").mkdir(parents=True, exist_ok=True)
    names = [f"{share.target.platform}/{share.target.python}" for share in shares]
    old = before.files if before else {}
    begun = Manifest(contents.state(ROOT), names, files=old)
    begun.write(folder)
    files = contents.copy(folder, ROOT) | contents.write_readme(folder, begun)
    files |= _fetch(folder, shares, wanted, say)
    for name in old.keys() - files.keys():
        (folder / name).unlink(missing_ok=True)
    dataclasses.replace(begun, complete=True, files=files).write(folder)


def _fetch(folder: Path, shares: list[Share], wanted: list[Wheel], say: Say) -> dict[str, str]:
    """All wheels of these shares, one target after the other; their hashes."""
    left = {wheel.file for wheel in wanted}
    for share in shares:
        now = [wheel for wheel in share.wheels if wheel.file in left]
        if now:
            say(f"  {share.target}: {len(now)} wheels, {_mb(plan.size(now))} ...")
            fetch.fetch(now, folder)
            left -= {wheel.file for wheel in now}
    built = [fetch.build(each, folder) for share in shares for each in share.builds]
    names = [*(f"wheels/{wheel.file}" for wheel in _wheels(shares)), *built]
    return {name: manifest.sha256(folder / name) for name in names}


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e7 else f"{size / 1e6:,.0f} MB"
