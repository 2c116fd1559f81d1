"""The answers of one open notebook: kept, marked, and set beside the outcome they predict."""

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any, Literal

from workbook import material, workspace
from workbook.base.problem import Problem
from workbook.questions import answers, marking, recall
from workbook.questions.marking import Marked

ALIKE = 0.8
"""How much of a cell's text is the lesson's, at least, where the learner has changed it."""
TOO_EARLY = (NameError, SyntaxError)
"""What a cell raises that was run before those that it needs, or while it was written."""


class Guesses:
    """What the learner has said in this notebook since its start.

    `show` gets the mark of a prediction when the cell has run that it is about.
    """

    def __init__(self, book: material.Notebook, show: Callable[[Marked], None]) -> None:
        self._predictions = [each for each in book.questions if each.cell]
        self._show = show
        self._said: dict[str, str] = {}
        self._ran: dict[str, str] = {}
        """By question: the text of the cell that was taken for the one that it predicts."""
        self._again: set[str] = set()
        """Questions of the review that was shown here, until they are answered right."""

    def review(self) -> list[material.Question]:
        """The questions that are due again, as many as are asked at once; they are asked here."""
        due = recall.due()[: recall.AT_ONCE]
        self._again = {each.id for each in due}
        return due

    def guess(self, question_id: str, given: object) -> Marked:
        """Mark an answer, or keep it until its cell runs; what is none is told what one is.

        That is no error: Run All goes on. A prediction about another notebook's cell is marked at
        once, for that cell does not run here; and in a review so is one whose cell has run, for
        its outcome is there. Problem where there is no such question.
        """
        question = _question(question_id)
        self._said[question.id] = ""
        try:
            self._said[question.id] = answer = answers.canonical(question, given)
        except Problem as problem:
            return marking.no_answer(question, str(problem))
        if not answer:
            return marking.unanswered(question)
        again = question.id in self._again
        if question in self._predictions and not (again and question.id in self._ran):
            return keep(question, answer, again)
        if marked := mark(question, answer):
            self._again.discard(question.id)
        return marked

    def after_cell(self, result: Any) -> None:
        """Show the marks of what was said of this cell; IPython calls this when one has run.

        Where it was run before the cells that it needs, its outcome has not been seen.
        """
        if isinstance(result.error_before_exec or result.error_in_exec, TOO_EARLY):
            return
        code = (result.info.raw_cell or "").strip()
        for question in self._about(code):
            self._ran[question.id] = code
            if answer := self._said.get(question.id):
                self._show(mark(question, answer))

    def _about(self, code: str) -> list[material.Question]:
        """The predictions about this cell, which the learner may have changed a little."""
        every = self._predictions
        same = [each for each in every if code in (each.cell.strip(), self._ran.get(each.id))]
        waiting = [each for each in every if self._said.get(each.id) and each.id not in self._ran]
        return same or [each for each in waiting if _alike(each.cell, code)]


def mark(question: material.Question, answer: str) -> Marked:
    """What an answer is told; it is remembered, and counted unless it is the last one again."""
    marked = marking.marked(question, answer)
    verdict: Literal["right", "not yet"] = "right" if marked else "not yet"
    known = workspace.read().get(question.id)
    if known is None or (known.digest, known.verdict) != (answer, verdict):
        workspace.record(question.id, verdict, answer)
    recall.answered(question.id, bool(marked))
    return marked


def keep(question: material.Question, answer: str, again: bool = False) -> Marked:
    """Remember a prediction, without saying whether it is right.

    `again` says that it is asked in a review, and not before its cell.
    """
    known = workspace.read().get(question.id)
    if known is None or known.digest != answer:
        workspace.record(question.id, "not attempted", answer)
    return marking.kept(question, answer, again)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def _question(question_id: object) -> material.Question:
    if not isinstance(question_id, str):
        raise Problem("A question is named by a text in quotes, such as lab.guess('06.2', 'b').")
    try:
        return material.question(question_id)
    except KeyError as error:
        raise Problem(error.args[0]) from None
