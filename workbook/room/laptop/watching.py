"""What a laptop reports: where each exercise stands, read from `progress.json` when it changes."""

from collections.abc import Mapping

from workbook import material
from workbook.room.wire.report import MOST, MOST_EXERCISES, Standing
from workbook.workspace import progress

Standings = tuple[Standing, ...]
Stamp = tuple[int, int, int]


class Watched:
    """Where this learner's exercises stand; a file that has not changed is not read again."""

    def __init__(self) -> None:
        self._stamp: Stamp | None = None
        self._last: Standings = ()

    def read(self) -> Standings:
        """In the order of the notebooks; what was there before, where the file cannot be read."""
        if (stamp := _stamp()) != self._stamp:
            known = progress.seen()
            if known is not None:
                self._stamp, self._last = stamp, of(known)
        return self._last


def of(known: Mapping[str, progress.Progress]) -> Standings:
    """What is sent of this progress: neither an answer nor its digest, and no unknown exercise."""
    ids = [each.id for notebook in material.notebooks() for each in notebook.exercises]
    return tuple(_standing(each, known[each]) for each in ids[:MOST_EXERCISES] if each in known)


def _standing(exercise: str, known: progress.Progress) -> Standing:
    return Standing(
        exercise=exercise,
        verdict=known.verdict,
        attempts=_counted(known.attempts),
        hints=_counted(known.hints),
        solved=known.solved,
    )


def _counted(number: int) -> int:
    return max(0, min(number, MOST))


def _stamp() -> Stamp | None:
    try:
        found = progress.path().stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
