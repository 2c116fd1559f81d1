"""Questions come back: when, in which order, how they are asked, and what is kept of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from workbook import material, workspace
from workbook.cli import commands, status
from workbook.lab import exercises
from workbook.questions import Guesses, asking, guesses, recall

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has answered anything yet."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))


def answer(question_id: str, right: bool = True) -> None:
    """As a cell of a notebook marks it."""
    question = material.question(question_id)
    wrong = next(iter(question.but))
    guesses.mark(question, question.right if right else wrong)


def forgotten() -> None:
    """Let the plan be over for everything."""
    raw = json.loads(recall.path().read_text())
    past = {each: card | {"due": "2026-01-01T00:00:00+00:00"} for each, card in raw.items()}
    recall.path().write_text(json.dumps(past))


def ids(now: datetime) -> list[str]:
    return [each.id for each in recall.due(now)]


def review(given: str, *more: str) -> str:
    said = CliRunner().invoke(commands.app, ["review", *more], input=given)
    assert said.exit_code == 0, said.output
    return said.output


def test_a_question_comes_back_after_days_and_what_was_wrong_first() -> None:
    answer("00.2"), answer("00.3", right=False), answer("00.4")
    now = datetime.now(UTC)
    assert ids(now) == []
    assert ids(now + 1.1 * DAY) == ["00.3"], "what was wrong the next day"
    assert ids(now + 5 * DAY) == ["00.3", "00.2", "00.4"]


def test_each_right_answer_puts_it_further_off_and_a_wrong_one_brings_it_near() -> None:
    workspace.record("00.2", "right", "b")
    pauses, now = [], NOW
    for right in (True, True, True, False, True):
        recall.answered("00.2", right, now)
        day = next(n for n in range(1, 1000) if ids(now + n * DAY + timedelta(minutes=1)))
        pauses.append(day)
        now += day * DAY + timedelta(minutes=1)
    first, second, third, lapsed, after = pauses
    assert first < second < third and lapsed < second and lapsed < after < third, pauses


def test_a_second_answer_before_it_is_due_changes_no_plan() -> None:
    answer("00.3", right=False)
    plan = recall.path().read_text()
    answer("00.3")
    assert recall.path().read_text() == plan
    assert workspace.read()["00.3"].verdict == "right"


def test_what_was_answered_before_there_was_a_plan_is_due() -> None:
    workspace.record("00.2", "right", "b")
    workspace.record("00.fetch", "right", "an exercise is no question")
    workspace.record("99.1", "right", "of a notebook that is gone")
    assert ids(NOW) == ["00.2"]
    assert recall.next_day(NOW) == ""


@pytest.mark.parametrize(
    "damage",
    ["{", "[]", '{"00.2": 1}', '{"00.2": {}}', '{"00.2": {"card_id": 0, "state": 9}}', "null"],
)
def test_a_damaged_plan_is_kept_beside_and_begins_anew(damage: str) -> None:
    answer("00.2")
    recall.path().write_text(damage)
    assert ids(NOW) == ["00.2"], "nothing of the answers is lost"
    (kept,) = recall.path().parent.glob("recall-damaged-*.json")
    assert kept.read_text() == damage
    recall.answered("00.2", True, NOW)
    assert ids(NOW) == []


def test_status_tells_programs_what_is_right_and_what_is_due() -> None:
    answer("00.2", right=False)
    workspace.record("00.fetch", "right", "text")
    recall.path().unlink()
    said = CliRunner().invoke(commands.app, ["status", "--json"])
    told = json.loads(said.output)
    first = told["notebooks"]["00"]
    assert told["due"] == ["00.2"] and not first["core_done"]
    assert first["exercises"]["right"] == 1 and "00.fetch" not in first["exercises"]["open"]
    assert first["questions"]["answered"] == 1 and first["questions"]["right_at_once"] == 0
    assert list(told["notebooks"]) == [each.number for each in material.notebooks()]


# In a terminal


def test_nothing_is_due_says_where_questions_come_from_and_when_one_comes_back() -> None:
    assert "what you answer in a notebook with lab.guess comes back" in review("")
    answer("00.2")
    assert f"Nothing is due now. The next question comes back on {recall.next_day()}" in review("")


def test_it_asks_what_was_wrong_first_and_marks_each_answer() -> None:
    answer("00.2"), answer("00.3", right=False)
    forgotten()
    right = material.question("00.3").right
    said = review(f"zzz\n{right}\na\n")
    assert said.index("1 of 2 · 00.3 · ") < said.index("2 of 2 · 00.2 · ")
    assert "'zzz' is no answer here: write a, b or c." in said, "no notebook, no quotes"
    assert "RIGHT · 00.3" in said and "NOT YET · 00.2" in said
    assert "1 of 2 right. The next question comes back on " in said
    assert material.question("00.2").but["a"] in said
    assert ids(datetime.now(UTC)) == []


def test_enter_leaves_one_for_later_and_an_end_of_input_stops() -> None:
    answer("00.2"), answer("00.3"), answer("00.4")
    forgotten()
    said = review("\n")
    assert said.count("Enter alone: another time") == 2 and "Stopped." in said
    assert "None was answered. 3 more due now: ./wb review" in said
    assert review("", "--most", "1").count(" of 1 · ") == 1


def test_a_prediction_is_asked_with_the_code_that_it_is_about() -> None:
    predicted = next(each for book in material.notebooks() for each in book.questions if each.cell)
    answer(predicted.id)
    forgotten()
    said = review("\n")
    assert (
        f"The next cell is this one:\n 1  {predicted.cell.splitlines()[0]}" in said
        and predicted.asks in said
    )


@pytest.mark.parametrize(
    "question",
    [each for book in material.notebooks() for each in book.questions],
    ids=lambda q: q.id,
)
def test_every_question_can_be_asked_away_from_its_notebook(question: material.Question) -> None:
    shown = asking.text(question)
    assert question.asks in shown and all(each in shown for each in question.shown)
    assert question.kind != "line" or f"{question.lines:>2}  " in shown


# In a notebook


def opened(number: str) -> Any:
    """What a review asks of an open notebook."""
    return SimpleNamespace(guesses=Guesses(material.notebook(number), lambda _: None))


def ran(session: Any, code: str) -> None:
    ran = SimpleNamespace(raw_cell=code)
    session.guesses.after_cell(
        SimpleNamespace(info=ran, error_in_exec=None, error_before_exec=None)
    )


@pytest.fixture
def predicted() -> material.Question:
    """A prediction of 00, answered right, and due again."""
    found = next(each for each in material.notebook("00").questions if each.cell)
    answer(found.id)
    forgotten()
    return found


def test_a_notebook_shows_what_is_due_and_when_more_comes() -> None:
    session, question = opened("01"), material.notebook("00").questions[0]
    assert "Answer some questions first." in repr(exercises.review(session))
    answer(question.id)
    assert f"comes back on {recall.next_day()}" in repr(exercises.review(session))
    forgotten()
    (card,) = exercises.review(session).cards
    assert question.id in card.title and f'lab.guess("{question.id}", ' in card.text


def test_a_prediction_of_another_notebook_is_marked_at_once(predicted: material.Question) -> None:
    assert opened("01").guesses.guess(predicted.id, predicted.right).kind == "right"


def test_a_review_marks_a_prediction_at_once_where_its_cell_has_run(
    predicted: material.Question,
) -> None:
    session = opened("00")
    ran(session, predicted.cell)
    assert session.guesses.guess(predicted.id, predicted.right).kind == "kept", "no review yet"
    exercises.review(session)
    wrong = next(iter(predicted.but))
    assert session.guesses.guess(predicted.id, wrong).kind == "not yet"
    assert session.guesses.guess(predicted.id, predicted.right).kind == "right"
    assert recall.due() == [] and workspace.read()[predicted.id].verdict == "right"
    again = session.guesses.guess(predicted.id, predicted.right)
    assert again.kind == "kept" and "run the next cell" in repr(again), "the review of it is over"


def test_a_review_says_where_a_prediction_is_marked_whose_cell_has_not_run(
    predicted: material.Question,
) -> None:
    shown: list[Any] = []
    session = SimpleNamespace(guesses=Guesses(material.notebook("00"), shown.append))
    exercises.review(session)
    kept = session.guesses.guess(predicted.id, predicted.right)
    assert kept.kind == "kept" and "run the next cell" not in repr(kept)
    assert "the cell that it is about, which has not run since this notebook was st" in repr(kept)
    assert [each.id for each in recall.due()] == [predicted.id], "it is not answered yet"
    ran(session, predicted.cell)
    assert [each.kind for each in shown] == ["right"] and recall.due() == []


def test_a_notebook_shows_five_at_most() -> None:
    for each in material.notebook("01").questions:
        workspace.record(each.id, "right", each.right)
    assert len(exercises.review(opened("00")).cards) == recall.AT_ONCE < len(recall.due())
    assert f"again: {len(recall.due())} (./wb review)" in status.text()
    assert "due again" in asking.waiting(1).title and "7 questions" in asking.waiting(7).title
