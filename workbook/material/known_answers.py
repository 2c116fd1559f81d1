"""Known answers to the exercises: wrong ones with their sentence, right ones written differently.

One file an answer, in `lessons/answers/ID/`. The first line says what it is: `# wrong: SENTENCE`,
where SENTENCE must stand in the verdict, or `# right: HOW IT DIFFERS`, which `lab.others` shows.
`equivalent.txt` lists the mutants of the solution that no check can tell from it, each with its
reason.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from workbook.base import paths
from workbook.base.problem import Problem

FIRST = re.compile(r"# (wrong|right): *(.*)\n")


@dataclass(frozen=True)
class KnownAnswer:
    """One known answer."""

    exercise: str
    name: str
    right: bool
    sentence: str
    """What the verdict must say, or how the right answer differs."""
    text: str


def known_answers(exercise_id: str) -> list[KnownAnswer]:
    """The known answers to an exercise, by name."""
    folder = paths.ROOT / "lessons" / "answers" / exercise_id
    return [_read(exercise_id, path)
            for path in sorted(folder.glob("*.*")) if path.name != "equivalent.txt"]  # fmt: skip


def _read(exercise_id: str, path: Path) -> KnownAnswer:
    text = path.read_text("utf-8")
    found = FIRST.match(text)
    if not found:
        where = f"lessons/answers/{exercise_id}/{path.name}"
        raise Problem(f"{where} does not begin with '# wrong: …' or '# right: …'.")
    right, sentence = found[1] == "right", found[2].strip()
    return KnownAnswer(exercise_id, path.stem, right, sentence, text[found.end() :])


def equivalent(exercise_id: str) -> dict[str, str]:
    """Mutants that behave as the solution does: description → reason."""
    path = paths.ROOT / "lessons" / "answers" / exercise_id / "equivalent.txt"
    if not path.exists():
        return {}
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    return dict(line.split(" because ", 1) for line in lines)
