"""Which forks belong to which learner's folder: `/proc` shows the environment of their server.

Kept only where WORKBOOK_FORK_RECORDS names a folder, as validation does: a file for each fork,
named by its process id, which is the id of its session too.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbook.base import settings


def note(pid: int, environment: Mapping[str, str], words: str) -> None:
    """Write down that this process was forked, for whose folder, and what it runs."""
    if folder := settings.read().fork_records:
        work = environment.get("WORKBOOK_WORK") or settings.read().work
        Path(folder, str(pid)).write_text(f"{work}\n{words[:100]}", "utf-8")


def sessions(work: Path) -> Iterator[tuple[int, str]]:
    """The sessions that were begun for this folder, and what was run in each."""
    folder = settings.read().fork_records
    for record in Path(folder).iterdir() if folder else ():
        belongs, _, words = record.read_text("utf-8").partition("\n")
        if belongs == str(work):
            yield int(record.name), words
