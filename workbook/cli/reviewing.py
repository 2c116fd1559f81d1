"""`wb review`: questions that are due again, asked one after the other in a terminal."""

import re

import typer

from workbook.base.problem import Problem
from workbook.material import Question
from workbook.questions import Marked, answers, asking, guesses, recall


def review(most: int) -> None:
    """Ask as many questions as are due, at most so many; say how it went, and what comes next."""
    due = recall.due()
    if not due:
        typer.echo(_nothing())
        return
    asked = due[:most]
    marked = _ask_all(asked)
    typer.echo(_summary(marked, len(recall.due())))


def _ask_all(asked: list[Question]) -> list[Marked]:
    """What the answers were told; it ends early where nobody answers any more."""
    told: list[Marked] = []
    for number, question in enumerate(asked, 1):
        typer.echo(f"\n{number} of {len(asked)} · {asking.head(question)}\n")
        typer.echo(asking.text(question))
        try:
            marked = _answer(question)
        except (typer.Abort, EOFError):
            typer.echo("\nStopped.")
            return told
        if marked is not None:
            typer.echo(f"\n{marked!r}")
            told.append(marked)
    return told


def _answer(question: Question) -> Marked | None:
    """The mark of an answer; None where Enter alone leaves it for another time."""
    while True:
        said = typer.prompt(f"\n{_how(question)}", default="", show_default=False)
        try:
            answer = answers.canonical(question, said)
        except Problem as problem:
            typer.echo(re.sub(",? between the quotes", "", str(problem)))
            continue
        return guesses.mark(question, answer) if answer else None


def _how(question: Question) -> str:
    how = answers.how(question)
    return f"{how[0].upper()}{how[1:].removesuffix(',')} (Enter alone: another time)"


def _summary(marked: list[Marked], left: int) -> str:
    said = f"{sum(map(bool, marked))} of {len(marked)} right." if marked else "None was answered."
    more = f"{left} more due now: ./wb review" if left else asking.later()
    return "\n" + " ".join(filter(None, [said, more]))


def _nothing() -> str:
    later = asking.later()
    return f"Nothing is due now. {later}" if later else NONE_YET


NONE_YET = "Nothing is due: what you answer in a notebook with lab.guess comes back days later."
