"""Why an installation from a stick or from an offline kit fails. Standard library only."""

import tempfile
from pathlib import Path

from workbook.cli import manifest

NO_LINKS = (
    "This folder lies on a disk that knows no links, as USB sticks do (FAT, exFAT), and nothing can"
    " be installed there.\nCopy the whole folder to a place of your own on this computer, with 1 GB"
    " free, and run there: python3 wb lab"
)


def reason(root: str) -> str:
    """What to do, where the disk or a damaged file is to blame; nothing where neither is."""
    return NO_LINKS if _knows_no_links(Path(root)) else manifest.told_of_damage(Path(root))


def _knows_no_links(folder: Path) -> bool:
    """Whether a link is refused where a file is not."""
    try:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            try:
                (Path(place) / "link").symlink_to("nowhere")
            except OSError:
                return True
    except OSError:
        return False  # the folder cannot be written, or the disk is full
    return False
