"""Exercises and questions: check, hint, solution, guess, and what the rest of it runs on."""

from collections.abc import Iterable
from typing import Any

from workbook import material, workspace
from workbook.base.disk import full_is_a_problem
from workbook.base.problem import Problem
from workbook.checks import checking
from workbook.checks.verdict import Verdict
from workbook.display.card import Card, Cards
from workbook.lab import skipped
from workbook.lab.ipython import user_namespace
from workbook.lab.session import Session
from workbook.material.known_answers import KnownAnswer
from workbook.myapp import standin
from workbook.myapp.right_answers import right_answers
from workbook.questions import Marked, asking
from workbook.questions.answers import Given


async def check(session: Session, exercise_id: str) -> Verdict:
    """Judge the answer, and remember the verdict."""
    with full_is_a_problem():
        verdict = await session.checks.check(_exercise(exercise_id), user_namespace())
        if lost := workspace.lost():
            print(lost)
        return skipped.in_verdict(verdict, session.book, session.cells.texts())


def hint(exercise_id: str, level: int | None) -> Card:
    """The hint of this level, or the next one."""
    with full_is_a_problem():
        return checking.hint(_exercise(exercise_id), level)


def solution(exercise_id: str) -> Card:
    """A right answer, after an attempt."""
    return checking.solution(_exercise(exercise_id))


def others(exercise_id: str) -> Cards:
    """Right answers that are written differently, once the learner's own was right."""
    exercise = _exercise(exercise_id)
    known = workspace.read().get(exercise.id)
    if known is None or not known.solved:
        title = f"Other right answers to {exercise.id} open when yours is right."
        return Cards((Card(title, f"Ask: await lab.check({exercise.id!r})"),))
    return Cards(tuple(_other(each, exercise.id) for each in right_answers(exercise)))


def _other(answer: KnownAnswer, exercise_id: str) -> Card:
    """How it differs, and the whole of it."""
    title = f"Another right answer to {exercise_id}: {answer.name.replace('_', ' ')}"
    return Card(title, answer.sentence, answer.text)


def guess(session: Session, question_id: str, answer: Given) -> Marked:
    """Mark the answer to a question, or keep it until its cell has run."""
    with full_is_a_problem():
        marked = session.guesses.guess(question_id, answer)
        if lost := workspace.lost():
            print(lost)
        return marked


def review(session: Session) -> Cards:
    """The questions that are due again, those that were wrong first; a few at a time."""
    with full_is_a_problem():
        return asking.cards(session.guesses.review())


async def use(session: Session, exercise_id: str) -> Any:
    """The learner's own definition in the notebook if it is right, else the reference's."""
    exercise = _exercise(exercise_id)
    mine = user_namespace().get(exercise.names[0])
    if mine is not None and await session.checks.quietly(exercise, user_namespace()):
        print(f"{exercise.names[0]}: yours.")
        return mine
    print(f"{exercise.names[0]}: the reference, until {exercise_id} is right.")
    return checking.reference(exercise)


async def judge_files(session: Session, paths: Iterable[str]) -> None:
    """Judge every answer in these files that is not known yet, so that what is right is used."""
    for path in paths:
        for each in standin.exercises_of(path, session.number):
            await session.checks.quietly(each, user_namespace())


async def judge_app(session: Session) -> None:
    """Judge every answer in myapp/ that is not known yet."""
    await judge_files(session, standin.app(session.number).files)


def _exercise(exercise_id: str) -> material.Exercise:
    try:
        return material.exercise(exercise_id)
    except KeyError as error:
        raise Problem(error.args[0]) from None
