"""What an answer is told: right and why, or what somebody who gives it believes."""

from dataclasses import dataclass
from typing import Literal

from workbook.display import labelled
from workbook.material import Question
from workbook.questions import answers

Kind = Literal["no answer yet", "kept", "right", "not yet"]
COLOURS: dict[Kind, str] = {
    "no answer yet": labelled.PLAIN,
    "kept": labelled.PLAIN,
    "right": labelled.GOOD,
    "not yet": labelled.WARN,
}


NEXT = "run the next cell: below what it shows stands whether you were right."
TYPED = (
    "type what the next cell asks for, and run it: below what it shows stands whether you were"
    " right."
)
AGAIN = (
    "go to the cell that it is about, which has not run since this notebook was started. "
    "Below what that cell shows stands whether you were right."
)


@dataclass(frozen=True)
class Marked:
    """What becomes of one answer; its repr says it in words."""

    kind: Kind
    question: str
    """The id of the question."""
    answer: str
    """In its one form; empty where there is none."""
    lines: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """True when the answer is right."""
        return self.kind == "right"

    def __repr__(self) -> str:
        """Plain text: the mark, then one labelled line for each thing to know."""
        return labelled.text(f"{self.kind.upper()} · {self.question}", self.lines)

    def _repr_html_(self) -> str:
        return labelled.html(COLOURS[self.kind], self.kind.upper(), self.question, self.lines)


def unanswered(question: Question) -> Marked:
    """How one answers, and that nobody has to."""
    turn = f"Write {answers.how(question)} between the quotes, and run this cell again."
    lines = (("Your turn", turn), ("Or", "go on: nothing waits for your answer."))
    return Marked("no answer yet", question.id, "", lines)


def no_answer(question: Question, sentence: str) -> Marked:
    """That what was given is none, and what one is."""
    return Marked("no answer yet", question.id, "", (("Read again", sentence),))


def kept(question: Question, answer: str, again: bool = False) -> Marked:
    """That a prediction is kept; not whether it is right, which its cell is to show.

    Where it is asked `again`, away from its place, its cell is not the next one.
    """
    then = AGAIN if again else TYPED if question.typed else NEXT
    return Marked("kept", question.id, answer, (_said(question, answer), ("Now", then)))


def marked(question: Question, answer: str) -> Marked:
    """Whether it is right, and the sentence that belongs to this answer."""
    if _is_right(question, answer):
        lines = (_said(question, answer), ("Because", question.because))
        return Marked("right", question.id, answer, lines)
    but = question.but.get(answer) or _of_any(question, answer)
    return Marked("not yet", question.id, answer, (_said(question, answer), ("But", but)))


def _said(question: Question, answer: str) -> tuple[str, str]:
    if question.kind == "choice":
        return "You said", f"{answer}: {question.shown[answers.LETTERS.index(answer)]}"
    return "You said", f"line {answer}" if question.kind == "line" else answer


def _is_right(question: Question, answer: str) -> bool:
    if not question.up_to:
        return answer == question.right
    return float(question.right) <= float(answer) <= float(question.up_to)


def _of_any(question: Question, answer: str) -> str:
    """A sentence that is true of every wrong answer which has none of its own."""
    if question.kind == "order":
        return _of_an_order(question.right, answer)
    more = float(answer) < float(question.right)
    if question.kind == "line":
        return f"It is a line further {'down' if more else 'up'}."
    return f"It is {'more' if more else 'less'}."


def _of_an_order(right: str, answer: str) -> str:
    same = next(n for n, (a, b) in enumerate(zip(right, answer, strict=True)) if a != b)
    if same == 0:
        return f"Another line than {answer[0]} comes first."
    first = f"{answer[0]} comes" if same == 1 else f"{' and '.join(answer[:same])} come"
    return f"{first} first, and then another line than {answer[same]}."
