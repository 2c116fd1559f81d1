"""How far the learner has come, notebook by notebook."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbook import material
from workbook.workspace import history, progress

Known = Mapping[str, progress.Progress]
"""Exercise id → where it stands, as `progress.read()` answers."""


@dataclass(frozen=True)
class Standing:
    """One notebook and what is done of it."""

    notebook: material.Notebook
    right: int
    total: int
    open: tuple[str, ...]
    """The ids of the exercises that are not solved yet."""
    questions: int
    answered: int
    """Questions with an answer, a prediction included whose cell has not run."""
    at_once: int
    """Questions whose first answer was right."""
    practice: Mapping[str, tuple[int, int]]
    """Of practice, by level: exercises and questions that are right, and all. They count nowhere
    else here."""

    @property
    def is_done(self) -> bool:
        """Whether what is open, if anything, stands in blocks that can be left out."""
        left = [each for each in self.notebook.exercises if each.id in self.open]
        return all(each.deeper for each in left)


def standings(known: Known) -> list[Standing]:
    """Every notebook, in order, under this progress."""
    return [standing(notebook, known) for notebook in material.notebooks()]


def next_notebook(known: Known) -> material.Notebook | None:
    """The first notebook whose core path has an unsolved exercise, from the one caught up to on.

    Where there is none, the first with any; where all are solved the last one; None where no
    notebook has been built.
    """
    every, reached = standings(known), history.caught_up_to()
    to_do = [each for each in every if not each.is_done] or [each for each in every if each.open]
    unfinished = [each.notebook for each in to_do if each.notebook.number >= reached]
    rest = [each.notebook for each in to_do] or material.notebooks()[-1:]
    return next(iter(unfinished + rest), None)


def standing(notebook: material.Notebook, known: Known) -> Standing:
    """What is done of one notebook."""
    ids = [each.id for each in notebook.exercises if not each.level]
    open_ids = tuple(each for each in ids if each not in known or not known[each].solved)
    questions = [each.id for each in notebook.questions if not each.level]
    asked = [known[each] for each in questions if each in known]
    return Standing(
        notebook,
        right=len(ids) - len(open_ids),
        total=len(ids),
        open=open_ids,
        questions=len(questions),
        answered=len(asked),
        at_once=sum(each.solved and each.attempts == 1 for each in asked),
        practice=_practice(notebook, known),
    )


def _practice(notebook: material.Notebook, known: Known) -> dict[str, tuple[int, int]]:
    """Level → how many are right, and how many there are; the easy ones first."""
    beyond = [(each.level, each.id) for each in notebook.exercises if each.level]
    beyond += [(each.level, each.id) for each in notebook.questions if each.level]
    found: dict[str, tuple[int, int]] = {}
    for level, name in sorted(beyond):
        right, total = found.get(level, (0, 0))
        found[level] = right + (name in known and known[name].solved), total + 1
    return found
