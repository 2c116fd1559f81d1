"""What an offline kit says of itself in `kit.json`, and which of its files are damaged.

Standard library only: the installation asks it too, before there is anything else.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from workbook.base.whole import put_in_place

NAME = "kit.json"


@dataclass(frozen=True)
class Manifest:
    """What a kit is made of and for.

    `targets` are words such as `linux-arm64/3.13`; `files` has each file's SHA-256 by its path in
    the kit.
    """

    state: str
    targets: list[str]
    complete: bool = False
    files: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """In one piece, so that a pulled stick never leaves half of it."""
        new = folder / f"{NAME}.new"
        new.write_text(json.dumps(asdict(self), indent=1), "utf-8", newline="\n")
        put_in_place(new, folder / NAME)


def read(folder: Path) -> Manifest | None:
    """The manifest of a kit; None where there is none that can be read, or one that names files
    outside of the kit."""
    try:
        found = Manifest(**json.loads((folder / NAME).read_text("utf-8")))
        names = [PurePosixPath(name) for name in found.files]
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    outside = any(name.is_absolute() or ".." in name.parts for name in names)
    return None if outside else found


def sha256(path: Path) -> str:
    """A file's SHA-256, in hexadecimal; OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """The paths of those files that are missing, or no longer what was written."""
    for name, digest in files.items():
        try:
            right = sha256(folder / name) == digest
        except OSError:
            right = False
        if not right:
            yield name


def told_of_damage(folder: Path) -> str:
    """A sentence that names the damaged wheels beside `wb`; nothing where all are whole."""
    manifest = read(folder)
    wheels = {k: v for k, v in manifest.files.items() if k.endswith(".whl")} if manifest else {}
    bad = list(damaged(folder, wheels))
    return sentence(bad) if bad else ""


def sentence(names: list[str]) -> str:
    """What to do about damaged files of a kit."""
    shown = "\n".join(f"  {name}" for name in names[:10])
    more = f"\n  and {len(names) - 10} more" if len(names) > 10 else ""
    return (
        f"Damaged or missing in this kit:\n{shown}{more}\nCopy the folder from the stick once more;"
        " where it is the stick that is damaged, whoever made the kit mends it with the same"
        " ./wb kit: only these files are fetched again."
    )
