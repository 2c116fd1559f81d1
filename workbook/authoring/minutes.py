"""How long a lesson takes somebody to whom its matter is new: a model, and all of its constants.

Nobody states minutes; the headings, the instructor's pages and the rules of `pace` take them from
here. Sources: `WORDS` is the rate at which people read in order to learn, in R. P. Carver, "Reading
rate: theory, research, and practical implications", Journal of Reading 36 (1992), 84-95.
`LINES` is twice the upper end of 200 to 400 lines an hour, at which a review of code still finds
faults, rounded down (J. Cohen, "Best Kept Secrets of Peer Code Review", 2006, chapter 5): the lines
of a lesson are short, and the text beside them explains them. `ANSWER` is what S. K. Card, T. P.
Moran and A. Newell, "The keystroke-level model for user performance time with interactive systems",
Communications of the ACM 23 (1980), 396-410, give for one act of thought, one of pointing, one move
to the keyboard and three keys: 1.35 + 1.1 + 0.4 + 3 · 0.28 seconds, rounded up.
The constants of an exercise are such that the model is within a quarter of what readers who knew
only Python noted for 03.gate, 04.index, 05.get_user and 05.health: 12 minutes each.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from workbook.authoring.lesson import Cell, Lesson
from workbook.authoring.outline import PRACTICE, Piece, pieces, prose

WORDS = 200
"""Words of prose a minute."""
LINES = 10
"""Lines of somebody else's code a minute."""
CELL = 25 / 60
"""Minutes to run a cell, and to look at what it shows."""
PICTURE = 1.0
"""Minutes with a diagram."""
QUESTION = 0.5
"""Minutes to think of an answer: to a question, or of what a cell will show."""
ANSWER = 4 / 60
"""Minutes to write an answer of a few letters, and to run its cell."""
EXERCISE = 4.0
"""Minutes of an exercise before its first line: the task, a plan, a verdict to think about."""
LINE = 0.75
"""Minutes for a line that one has to write."""


PREDICT = re.compile(r"(?<!· )\*Predict")
"""Where one is to predict, outside of a question that marks itself."""
QUESTIONS = r"#+ (Recall|Exit ticket)"
"""Sections whose numbered lines are questions."""
LETTER = re.compile(r"^- \*\*[a-z]\*\* ", re.M)
"""What stands before a choice."""


@dataclass(frozen=True)
class Minutes:
    """Whole minutes of one lesson; the parts add up to the sums."""

    sections: dict[str, int]
    """To read and run, by heading: sections of the core path, and deeper blocks."""
    exercises: dict[str, int]
    """By the name of an exercise, those in deeper blocks too."""
    reading: int
    """Of the core path: to read and run."""
    solving: int
    """Of the core path: to solve its exercises."""
    deeper: int
    """Of all deeper blocks, with their exercises."""
    deeper_exercises: frozenset[str]
    """The names of the exercises in deeper blocks."""
    practice: int = 0
    """Of the section of practice, with its exercises; in no other sum."""

    @property
    def core(self) -> int:
        """What the core path takes."""
        return self.reading + self.solving


def of(lesson: Lesson) -> Minutes:
    """What the model says of a lesson."""
    every = list(pieces(lesson))
    exercises = {_name(cell): ceil(exercise(cell)) for cell in lesson.exercises}
    core = _sums((each.section, each) for each in every if not each.deeper)
    deeper = _sums((each.deeper, each) for each in every if each.deeper)
    solved = {_name(each.cell): each.deeper for each in every if "exercise" in each.cell.options}
    for name, heading in solved.items():
        if f"{{{{{name}}}}}" in heading:  # the block is this exercise: its heading says all of it
            exercises[name] += deeper.pop(heading)
    beyond = {each for each in solved if solved[each] == PRACTICE}
    later = frozenset(each for each in solved if solved[each]) - beyond
    practice = deeper.pop(PRACTICE, 0) + sum(exercises[name] for name in beyond)
    solving = sum(exercises[name] for name in solved.keys() - later - beyond)
    total = sum(deeper.values()) + sum(exercises[name] for name in later)
    sections = core | deeper | ({PRACTICE: practice} if practice else {})
    return Minutes(sections, exercises, sum(core.values()), solving, total, later, practice)


def until(lesson: Lesson, cell: Cell) -> float:
    """Minutes of the core path before this cell, without those in which one thinks of an answer."""
    core = [each for each in pieces(lesson) if not each.deeper]
    before = core[: next(n for n, each in enumerate(core) if each.cell is cell)]
    return sum(of_piece(each) - _thinking(each) for each in before)


def answering(lesson: Lesson) -> float:
    """Minutes of the core path in which one answers questions that mark themselves."""
    core = [each for each in pieces(lesson) if not each.deeper and each.cell.question]
    return sum(_thinking(each) for each in core if each.cell.kind == "code")


def _thinking(piece: Piece) -> float:
    """Minutes with questions, and to write answers."""
    if piece.cell.kind == "code":
        return QUESTION + ANSWER if piece.cell.question else 0.0
    return QUESTION * _asked(piece.text)


def of_piece(piece: Piece) -> float:
    """Minutes for one piece, to read and run or to solve."""
    return exercise(piece.cell) if "exercise" in piece.cell.options else reading(piece)


def reading(piece: Piece) -> float:
    """Minutes to read and run one piece; none for an exercise, which is solved."""
    if "exercise" in piece.cell.options:
        return 0.0
    return _code(piece.cell) if piece.cell.kind == "code" else _text(piece.text)


def _code(cell: Cell) -> float:
    """Its lines, or in a cell to be completed those to write; and running it."""
    if cell.question:
        return QUESTION + ANSWER + words(cell.told) / WORDS
    given, written = _given_and_written(cell.stubbed(), cell.solved())
    return given / LINES + LINE * written + CELL


@lru_cache(maxsize=10_000)
def _text(whole: str) -> float:
    """Its words, pictures and questions."""
    pictures = PICTURE * whole.count("```mermaid")
    return words(prose(whole)) / WORDS + QUESTION * _asked(whole) + pictures


def _asked(whole: str) -> int:
    """Questions of a text that do not mark themselves."""
    text = prose(whole)
    listed = re.findall(r"^\d\. .*\?", text, re.M)
    return len(PREDICT.findall(text)) + len(listed) * bool(re.match(QUESTIONS, whole))


def words(text: str) -> int:
    """Words of a text of prose: what has a letter, between spaces."""
    return sum(bool(re.search(r"[A-Za-z]", word)) for word in LETTER.sub("", text).split())


def exercise(cell: Cell) -> float:
    """Minutes for an exercise: its stub is read, and what the solution has more is written."""
    given, written = _given_and_written(cell.stubbed(), cell.solved())
    return EXERCISE + LINE * written + given / LINES


@lru_cache(maxsize=10_000)
def _given_and_written(stub: str, solution: str) -> tuple[int, int]:
    """How many lines the stub has, and how many the solution has more than it."""
    given = _lines(stub)
    if stub == solution:
        return len(given), 0
    lines = difflib.ndiff(given, _lines(solution))
    return len(given), sum(line.startswith("+ ") for line in lines)


def _sums(chosen: Iterable[tuple[str, Piece]]) -> dict[str, int]:
    """Whole minutes to read and run, by heading."""
    sums: dict[str, float] = {}
    for heading, piece in chosen:
        sums[heading] = sums.get(heading, 0.0) + reading(piece)
    return {heading: max(1, round(minutes)) for heading, minutes in sums.items()}


def _name(cell: Cell) -> str:
    return str(cell.options["exercise"])


def _lines(code: str) -> list[str]:
    return [line for line in code.splitlines() if line.strip()]
