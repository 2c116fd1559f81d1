"""What the learner has solved: `progress.json`, shared by every notebook that runs."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, TypeGuard

from workbook.base import paths
from workbook.base.whole import put_in_place
from workbook.workspace import files

_DAMAGED = "progress-damaged-"
"""How the name of a file begins that could not be read; the moment follows."""
Verdict = Literal["not attempted", "not yet", "right"]


@dataclass(frozen=True)
class Progress:
    """Where one exercise stands."""

    verdict: Verdict = "not attempted"
    attempts: int = 0
    """Checks of an answer; checks of an untouched stub do not count."""
    hints: int = 0
    """How many hints the learner has seen."""
    digest: str = ""
    """Of the answer that was checked last."""
    solved: bool = False
    """Whether it was right once, whatever happened since."""


def read() -> dict[str, Progress]:
    """Exercise id → where it stands; an exercise that was never checked is absent."""
    if not path().exists():
        return {}
    with files.locked("progress"):
        return _load()


def seen() -> dict[str, Progress] | None:
    """The same for who only watches: takes no lock, and mends nothing.

    None where the file cannot be read, or holds something else.
    """
    try:
        return parse(json.loads(path().read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def record(exercise_id: str, verdict: Verdict, digest: str) -> Progress:
    """Remember the verdict of a check."""
    with files.locked("progress"):
        every = _load()
        old = every.get(exercise_id, Progress())
        every[exercise_id] = new = replace(
            old,
            verdict=verdict,
            attempts=old.attempts + (verdict != "not attempted"),
            digest=digest,
            solved=old.solved or verdict == "right",
        )
        _save(every)
    return new


def hint_shown(exercise_id: str, most: int) -> int:
    """Count one more hint, as many as there are at most; how many the learner has seen now."""
    with files.locked("progress"):
        every = _load()
        old = every.get(exercise_id, Progress())
        every[exercise_id] = new = replace(old, hints=min(old.hints + 1, most))
        _save(every)
    return new.hints


def forget(number: str) -> list[str]:
    """Forget the exercises of this notebook; their ids."""
    with files.locked("progress"):
        every = _load()
        gone = [each for each in every if each.startswith(f"{number}.")]
        _save({each: known for each, known in every.items() if each not in gone})
    return gone


def restore(known: dict[str, Progress | None]) -> None:
    """Put these exercises back to where they stood; None forgets one."""
    with files.locked("progress"):
        every: dict[str, Progress | None] = {**_load(), **known}
        _save({each: now for each, now in every.items() if now is not None})


def of(exercise_ids: Iterable[str]) -> dict[str, Progress | None]:
    """Where these exercises stand, for `restore`."""
    every = read()
    return {each: every.get(each) for each in exercise_ids}


def lost() -> str:
    """What to say of a `progress.json` that could not be read, and that is kept: once for each."""
    if not path().parent.exists():
        return ""
    read()
    told = [each for each in path().parent.glob(f"{_DAMAGED}*.json") if not _told(each).exists()]
    for each in told:
        _told(each).touch()
    return " ".join(
        f"The file progress.json was damaged, so what you had solved is forgotten; your answers "
        f"are not: run their check cells again. It is kept as {each}."
        for each in sorted(told)
    )


def _told(kept: Path) -> Path:
    return kept.with_suffix(".told")


def parse(raw: object) -> dict[str, Progress]:
    """Progress as JSON holds it; ValueError or TypeError where it is something else."""
    if not isinstance(raw, dict):
        raise ValueError("progress is not a mapping")
    every = {str(each): Progress(**known) for each, known in raw.items()}
    if not all(_sound(each) for each in every.values()):
        raise ValueError("progress holds a value of the wrong kind")
    return every


def _sound(known: Progress) -> TypeGuard[Progress]:
    kinds = [type(value) for value in asdict(known).values()]
    verdicts = ("not attempted", "not yet", "right")
    return kinds == [str, int, int, str, bool] and known.verdict in verdicts


def path() -> Path:
    """The file; a new one takes its place at each change."""
    return paths.state() / "progress.json"


def _load() -> dict[str, Progress]:
    """The file as it is; one that cannot be read is kept beside, and a new one begins."""
    try:
        return parse(json.loads(path().read_text("utf-8")))
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, RecursionError):
        put_in_place(path(), path().with_name(f"{_DAMAGED}{time.time_ns()}.json"))
        return {}


def _save(every: dict[str, Progress]) -> None:
    raw = {each: asdict(known) for each, known in sorted(every.items())}
    files.write(path(), json.dumps(raw, indent=1, ensure_ascii=False) + "\n")
