"""Questions that mark themselves: what an answer is told, what is kept, what authors are told."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_material import exercise, write

from workbook import material, workspace
from workbook.authoring import guide, minutes, question_rules, questions, render
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.lab.cells import only_looks
from workbook.questions import Guesses, answers, marking
from workbook.room.laptop import watching
from workbook.workspace import overview, progress

HEAD = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# 01 · Made\n\n"
EVERY = [read(path) for path in lessons(paths.ROOT / "lessons")]
ASKED = [(each, fence) for each in EVERY for fence in questions.of(each)]
CELL = "for row in question:\n    print(row)"
CHOICE = """asks: What is it?
choices:
  - says: a list
    but: Look at its type.
  - says: a coroutine
    because: nothing has run.
  - says: a task
    but: Nobody made one."""
ORDER = """asks: In which order?
order: [one, two, three, four]
because: so one counts.
wrong:
  - answer: [2, 1, 3, 4]
    but: Two is more than one."""
NUMBER = """asks: How many?
number: [3, 5]
because: some are.
wrong:
  - answer: 0
    but: Not none."""
LINE = """predicts: which line raises?
line: 2
because: it needs a row.
wrong:
  - answer: 1
    but: It raises nothing."""


def fence(text: str, name: str = "01.1") -> str:
    return f"```{{question}} {name}\n{text}\n```\n"


def code(text: str) -> str:
    return f"```{{code-cell}} ipython3\n{text}\n```\n"


@pytest.fixture
def lesson(tmp_path: Path):
    """A lesson of this text."""

    def made(text: str) -> Lesson:
        path = tmp_path / "01_made.md"
        path.write_text(HEAD + text, "utf-8")
        return read(path)

    return made


@pytest.fixture
def ask(lesson):
    """A question as the learner's side has it."""

    def made(text: str) -> material.Question:
        (raw,) = questions.data(lesson(f"Before.\n\n{fence(text)}\nAfter.\n\n{code(CELL)}"))
        return material.Question(**{**raw, "shown": tuple(raw["shown"])})

    return made


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask) -> material.Notebook:
    """An empty folder, and a notebook with a question and a prediction."""
    folder = tmp_path / "material"
    folder.mkdir()
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(folder))
    write(folder, "01_made", {}, exercise("01.get"))
    facts = json.loads((folder / "01_made.json").read_text())
    asked = [vars(ask(CHOICE)) | {"id": "01.1"}, vars(ask(LINE)) | {"id": "01.2"}]
    (folder / "01_made.json").write_text(json.dumps(facts | {"questions": asked}))
    return material.notebook("01")


# What an answer is told


@pytest.mark.parametrize(
    ("text", "given", "kind", "said"),
    [
        (CHOICE, "b", "right", "nothing has run."),
        (CHOICE, "a", "not yet", "Look at its type."),
        (CHOICE, "c", "not yet", "Nobody made one."),
        (ORDER, ORDER, "right", "so one counts."),
        (NUMBER, "3", "right", "some are."),
        (NUMBER, "5", "right", "some are."),
        (NUMBER, "4.5", "right", "some are."),
        (NUMBER, "0", "not yet", "Not none."),
        (NUMBER, "2", "not yet", "It is more."),
        (NUMBER, "5.5", "not yet", "It is less."),
        (NUMBER, "-1", "not yet", "It is more."),
        (LINE, "2", "right", "it needs a row."),
        (LINE, "1", "not yet", "It raises nothing."),
    ],
)
def test_each_answer_gets_its_sentence(ask, text: str, given: str, kind: str, said: str) -> None:
    question = ask(text)
    told = marking.marked(question, question.right if given is ORDER else given)
    assert (told.kind, dict(told.lines)["Because" if told else "But"]) == (kind, said)
    assert bool(told) == (kind == "right")


def in_order(question: material.Question, *lines: str) -> str:
    return "".join(answers.LETTERS[question.shown.index(line)] for line in lines)


def test_a_wrong_order_gets_its_own_sentence_or_one_that_is_true(ask) -> None:
    question = ask(ORDER)
    assert question.right != "abcd" and sorted(question.shown) == sorted(
        ["one", "two", "three", "four"]
    )
    own = marking.marked(question, in_order(question, "two", "one", "three", "four"))
    assert own.lines[1] == ("But", "Two is more than one.")
    a, b, d = (in_order(question, each) for each in ("one", "two", "four"))
    late = marking.marked(question, in_order(question, "one", "two", "four", "three"))
    assert late.lines[1] == ("But", f"{a} and {b} come first, and then another line than {d}.")
    one = marking.marked(question, in_order(question, "one", "four", "two", "three"))
    assert one.lines[1] == ("But", f"{a} comes first, and then another line than {d}.")
    none = marking.marked(question, in_order(question, "four", "one", "two", "three"))
    assert none.lines[1] == ("But", f"Another line than {d} comes first.")


def test_a_wrong_line_without_a_sentence_is_told_the_direction(ask) -> None:
    question = replace(ask(LINE), lines=3, but={})
    assert marking.marked(question, "3").lines[1] == ("But", "It is a line further up.")
    assert marking.marked(question, "1").lines[1] == ("But", "It is a line further down.")


@pytest.mark.parametrize(
    ("text", "given", "wanted"),
    [
        (CHOICE, " B) ", "b"),
        (CHOICE, ["b"], "b"),
        (ORDER, "d, c > b a", "dcba"),
        (ORDER, ["d", "C", "b", "a"], "dcba"),
        (NUMBER, 3, "3"),
        (NUMBER, 3.0, "3"),
        (NUMBER, "1234567", "1234567"),
        (LINE, "2", "2"),
        *((text, empty, "") for text in (CHOICE, ORDER, NUMBER, LINE) for empty in ("", "  ", [])),
    ],
)
def test_an_answer_is_read_as_people_write_it(ask, text: str, given: Any, wanted: str) -> None:
    assert answers.canonical(ask(text), given) == wanted


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        (CHOICE, "d", "'d' is no answer here: write a, b or c between the quotes."),
        (CHOICE, "ab", "'ab' is no answer here: write a, b or c between the quotes."),
        (CHOICE, 2, "'2' is no answer here"),
        (CHOICE, True, "True is no answer here"),
        (CHOICE, {"b"}, "{'b'} is no answer here"),
        (CHOICE, None, "None is no answer here"),
        (ORDER, "abc", "'abc' is no answer here: write a, b, c and d, each once, in your order"),
        (ORDER, ["a", "b"], "'a b' is no answer here"),
        (ORDER, "aabc", "'aabc' is no answer"),
        (ORDER, "abce", "'abce' is no answer"),
        (NUMBER, "many", "'many' is no answer here: write a number between the quotes."),
        (NUMBER, "nan", "'nan' is no answer"),
        (LINE, "0", "The code has the lines 1 to 2; 0 is none of them."),
        (LINE, "3", "The code has the lines 1 to 2; 3 is none of them."),
        (LINE, "1.5", "; 1.5 is none of them."),
    ],
)
def test_what_is_no_answer_is_told_what_one_is(ask, text: str, given: Any, said: str) -> None:
    with pytest.raises(Problem) as problem:
        answers.canonical(ask(text), given)
    assert said in str(problem.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01.9", "There is no question '01.9'. There are: 01.1, 01.2."),
        ("01.get", "There is no question '01.get'. There are: 01.1, 01.2."),
        (1.1, "A question is named by a text in quotes"),
    ],
)
def test_a_question_that_there_is_not_is_told_its_neighbours(learner, name: Any, said: str) -> None:
    with pytest.raises(Problem) as problem:
        Guesses(learner, lambda mark: None).guess(name, "b")
    assert said in str(problem.value)


# What is kept


def ran(guesses: Guesses, code: str, failed: Exception | None = None, begun: bool = True) -> None:
    errors = {"error_in_exec": failed if begun else None, "error_before_exec": None}
    if not begun:
        errors["error_before_exec"] = failed
    guesses.after_cell(SimpleNamespace(info=SimpleNamespace(raw_cell=code), **errors))


@pytest.fixture
def shown() -> list[Any]:
    return []


@pytest.fixture
def guesses(learner, shown: list[Any]) -> Guesses:
    return Guesses(learner, shown.append)


def test_without_an_answer_one_is_told_how_and_nothing_is_kept(guesses: Guesses) -> None:
    told = guesses.guess("01.1", "")
    assert repr(told).splitlines() == [
        "NO ANSWER YET · 01.1",
        "  Your turn  Write a, b or c between the quotes, and run this cell again.",
        "  Or         go on: nothing waits for your answer.",
    ]
    assert workspace.read() == {}


def test_what_is_no_answer_stops_no_run_of_all_cells_and_is_not_kept(
    guesses: Guesses, shown: list[Any]
) -> None:
    guesses.guess("01.2", "1")
    told = guesses.guess("01.2", "7")
    assert (told.kind, told.answer) == ("no answer yet", "")
    assert "The code has the lines 1 to 2; 7 is none of them." in repr(told)
    ran(guesses, CELL)
    assert shown == []


def test_an_answer_is_kept_and_the_same_again_is_no_other_attempt(guesses: Guesses) -> None:
    assert not guesses.guess("01.1", "a") and not guesses.guess("01.1", "a")
    assert workspace.read()["01.1"] == progress.Progress("not yet", 1, 0, "a", False)
    assert guesses.guess("01.1", "b")
    assert workspace.read()["01.1"] == progress.Progress("right", 2, 0, "b", True)


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize("failed", [NameError("lab"), SyntaxError("(")])
def test_a_cell_that_ran_too_early_has_shown_no_outcome(
    guesses: Guesses, shown: list[Any], failed: Exception, begun: bool
) -> None:
    guesses.guess("01.2", "1")
    ran(guesses, CELL, failed, begun)
    assert shown == []
    ran(guesses, CELL, LookupError("what the lesson is about"))
    assert len(shown) == 1


def test_a_prediction_is_not_marked_before_its_cell_has_run(
    guesses: Guesses, shown: list[Any]
) -> None:
    for _ in range(2):
        kept = guesses.guess("01.2", "1")
        assert kept.kind == "kept" and "It raises nothing." not in repr(kept)
    ran(guesses, "1 + 1")
    ran(guesses, "lab.guess('01.2', '1')")
    assert guesses.guess("01.2", "1").kind == "kept" and shown == []
    assert workspace.read()["01.2"] == progress.Progress("not attempted", 0, 0, "1", False)
    ran(guesses, f"{CELL}\n")
    assert [each.kind for each in shown] == ["not yet"] and "It raises nothing." in repr(shown[0])
    assert workspace.read()["01.2"] == progress.Progress("not yet", 1, 0, "1", False)
    assert guesses.guess("01.2", "2").kind == "kept", "any cell can be run twice, and says the same"
    ran(guesses, CELL)
    assert shown[-1].kind == "right"
    assert workspace.read()["01.2"] == progress.Progress("right", 2, 0, "2", True)


def test_the_mark_stands_below_the_outcome_each_time_that_the_cell_runs(
    guesses: Guesses, shown: list[Any]
) -> None:
    guesses.guess("01.2", "2")
    ran(guesses, CELL)
    ran(guesses, CELL)
    assert [each.kind for each in shown] == ["right", "right"]
    assert workspace.read()["01.2"].attempts == 1


def test_a_cell_that_the_learner_has_changed_a_little_is_still_the_one(
    guesses: Guesses, shown: list[Any]
) -> None:
    ran(guesses, CELL.replace("row", "one"))
    assert guesses.guess("01.2", "2").kind == "kept", "it ran before anybody predicted"
    ran(guesses, "for team in await teams(lab.url):\n    print(team)")
    assert shown == []
    for _ in range(2):
        ran(guesses, f"{CELL}\nprint('end')")
    assert [each.kind for each in shown] == ["right", "right"]
    ran(guesses, f"{CELL}\nprint('!')")
    assert len(shown) == 2, "its cell has run; this is another one that is like it"


def test_who_predicts_nothing_is_shown_nothing(guesses: Guesses, shown: list[Any]) -> None:
    guesses.guess("01.2", "")
    ran(guesses, CELL)
    assert shown == [] and workspace.read() == {}


def test_who_takes_a_prediction_back_is_shown_nothing(guesses: Guesses, shown: list[Any]) -> None:
    guesses.guess("01.2", "1")
    guesses.guess("01.2", "")
    ran(guesses, CELL)
    assert shown == []


def test_status_counts_questions_beside_exercises(guesses: Guesses, learner) -> None:
    def counted() -> tuple[int, ...]:
        one = overview.standing(learner, workspace.read())
        return one.questions, one.answered, one.at_once, one.right, one.total

    assert counted() == (2, 0, 0, 0, 1)
    guesses.guess("01.2", "2")
    assert counted() == (2, 1, 0, 0, 1), "a prediction is an answer, and not right before its cell"
    ran(guesses, CELL)
    guesses.guess("01.1", "a")
    guesses.guess("01.1", "b")
    assert counted() == (2, 2, 1, 0, 1)


def test_a_room_is_sent_no_answer_to_a_question(guesses: Guesses) -> None:
    guesses.guess("01.1", "a")
    workspace.record("01.get", "right", "x")
    assert [each.exercise for each in watching.of(workspace.read())] == ["01.get"]


def test_a_reset_forgets_the_answers_and_undo_brings_them_back(
    guesses: Guesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()
    shipped = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "01_made.ipynb").write_text(json.dumps(shipped))
    guesses.guess("01.1", "a")
    before = workspace.read()
    workspace.write(paths.work() / "01_made.ipynb", "mine")
    workspace.reset("01")
    assert workspace.read() == {}
    workspace.undo()
    assert workspace.read() == before


def test_a_damaged_file_of_progress_begins_anew_under_a_question(guesses: Guesses) -> None:
    guesses.guess("01.1", "a")
    progress.path().write_text('{"01.1": 3}')
    assert guesses.guess("01.1", "b")
    assert workspace.read()["01.1"].attempts == 1 and "was damaged" in workspace.lost()


def test_a_guess_only_looks() -> None:
    assert only_looks('lab.guess("01.1", "a")') and only_looks("lab.guess('01.1', 'ba')")


# What stands in the notebooks


def test_a_question_is_a_text_and_a_cell_that_takes_the_answer(lesson) -> None:
    made = lesson(f"Before.\n{fence(CHOICE)}\n{fence(LINE, '01.2')}\nAfter.\n\n{code(CELL)}")
    notebook, solution = (render.contents(made, each, claims=False)["cells"] for each in (0, 1))
    assert [each["source"] for each in notebook] == [
        "# 01 · Made\n\nBefore.\n\n**01.1** · What is it?\n\n"
        "- **a** a list\n- **b** a coroutine\n- **c** a task",
        'lab.guess("01.1", "")',
        "**01.2** · *Predict:* which line raises?",
        'lab.guess("01.2", "")',
        "After.",
        CELL,
    ]
    answered = [each["source"] for each in solution if "guess" in each["source"]]
    assert answered == ['lab.guess("01.1", "b")', 'lab.guess("01.2", "2")']
    assert solution[1]["metadata"] == {"nightwatch": {"question": "01.1"}}


def test_a_claim_behind_a_question_belongs_to_the_cell_before_it(lesson) -> None:
    claim = "```{holds} Before\n1\n```\n"
    made = lesson(f"{code('1')}\nBefore.\n\n{fence(CHOICE)}\n{claim}")
    assert [len(each.claims) for each in made.cells if each.kind == "code"] == [1, 0]


def test_code_that_a_question_asks_about_has_its_lines_numbered(lesson) -> None:
    made = lesson(fence("asks: Which?\ncode: |\n  a = 1\n\n  b = 2\nline: 3\nbecause: it is."))
    assert "```text\n 1  a = 1\n 2\n 3  b = 2\n```" in made.cells[0].text
    (raw,) = questions.data(made)
    assert (raw["lines"], raw["cell"], raw["predicts"]) == (3, "", False)


def test_an_order_is_shown_the_same_each_time_and_never_right() -> None:
    for lines in (2, 3, 9):
        asked = questions.Question(asks="?", order=[str(n) for n in range(lines)], because="so.")
        names = [f"{n:02}.{m}" for n in range(15) for m in range(9)]
        shown = {name: questions.shown_of(name, asked) for name in names}
        assert shown == {name: questions.shown_of(name, asked) for name in names}
        assert all(each != asked.order for each in shown.values())
        for name in names:
            right = questions.right_of(name, asked)
            assert [shown[name][answers.LETTERS.index(each)] for each in right] == asked.order


def test_a_question_costs_thinking_its_words_and_a_few_keys(lesson) -> None:
    pause = "word " * 400
    without = lesson(f"## One\n\n{pause}\n\n{code('1')}")
    asked = lesson(f"## One\n\n{pause}\n\n{fence(CHOICE)}\n{code('1')}")
    more = sum(map(minutes.reading, minutes.pieces(asked)))
    more -= sum(map(minutes.reading, minutes.pieces(without)))
    words = 12  # What is it? a list, a coroutine, a task; nothing has run
    assert more == pytest.approx(minutes.QUESTION + minutes.ANSWER + words / minutes.WORDS)
    predicts = CHOICE.replace("asks: What", "predicts: what")
    told = lesson(f"## One\n\n{pause}\n\n{fence(predicts)}\n{code('1')}")
    again = sum(map(minutes.reading, minutes.pieces(told)))
    assert again - more == pytest.approx(
        sum(map(minutes.reading, minutes.pieces(without))) + 1 / minutes.WORDS
    ), "the word Predict, and no second question"
    assert minutes.answering(without) == 0.0
    assert minutes.answering(asked) == pytest.approx(minutes.QUESTION + minutes.ANSWER), "hands on"


def test_the_instructors_page_has_each_question_with_its_answers(lesson) -> None:
    page = guide.page(lesson(f"{fence(CHOICE)}\n{fence(NUMBER, '01.2')}"))
    assert "| 01.1 | What is it? | b: a coroutine | nothing has run. |" in page
    assert "| 01.1 | a: a list | Look at its type. |" in page
    assert "| 01.2 | 0 | Not none. |" in page


# What authors are told

CHANGED = {
    "two right": (CHOICE, ("but: Nobody made", "because: Nobody made"), "has 2 right choices"),
    "none right": (CHOICE, ("because: nothing has run.", "but: no."), "has 0 right choices"),
    "no sentence": (CHOICE, ("    but: Look at its type.\n", ""), "'a list' without its one"),
    "two sentences": (
        CHOICE,
        ("but: Nobody", "because: x\n    but: Nobody"),
        "'a task' without its one sentence",
    ),
    "alike": (CHOICE, ("a task", "a list"), "two choices at least, no two of them alike"),
    "beside": (CHOICE, ("asks: What is it?", "asks: What?\nbecause: x"), "beside its choices"),
    "no because": (NUMBER, ("because: some are.", "code: x"), "has no 'because'"),
    "wrong is right": (NUMBER, ("answer: 0", "answer: 4"), "calls 4 wrong, which is right"),
    "wrong twice": (
        NUMBER,
        ("answer: 0", "answer: 0\n    but: a\n  - answer: 0"),
        "two sentences for one wrong",
    ),
    "an order of a number": (NUMBER, ("answer: 0", "answer: [1]"), "[1], which nobody can give"),
    "a number of an order": (ORDER, ("[2, 1, 3, 4]", "2"), "answer 2, which nobody can give"),
    "a short order": (ORDER, ("[2, 1, 3, 4]", "[2, 1]"), "[2, 1], which nobody can give"),
    "a right order": (ORDER, ("[2, 1, 3, 4]", "[1, 2, 3, 4]"), "wrong, which is right"),
    "lines alike": (ORDER, ("one, two, three", "one, one, three"), "no two of them alike"),
    "no such line": (LINE, ("line: 2", "line: 3"), "asks for line 3 of 2"),
    "line 0": (LINE, ("line: 2", "line: 0"), "asks for line 0 of 2"),
}


@pytest.mark.parametrize(("text", "change", "said"), CHANGED.values(), ids=CHANGED)
def test_a_question_that_does_not_hold_is_said(lesson, text: str, change: Any, said: str) -> None:
    assert complaints(lesson(f"{fence(text)}\n{code(CELL)}")) == []
    assert change[0] in text
    told = complaints(lesson(f"{fence(text.replace(*change))}\n{code(CELL)}"))
    assert said in "\n".join(told) and told


def complaints(made: Lesson) -> list[str]:
    """What is said of its questions; not how many stand where."""
    return [each for each in question_rules.complaints(made) if not each.startswith("'## ")]


def test_a_name_that_stands_twice_or_is_of_another_notebook_is_said(lesson) -> None:
    twice = "\n".join(complaints(lesson(f"{fence(CHOICE)}\n{fence(NUMBER)}")))
    assert "question 01.1 is there twice" in twice
    for name in ("02.1", "01.get", "1"):
        told = "\n".join(complaints(lesson(fence(CHOICE, name))))
        assert f"question {name!r}: its name is '01.' and a number." in told


def test_a_prediction_without_its_cell_is_said(lesson) -> None:
    typed = "### BEGIN SOLUTION\n1\n2\n### END SOLUTION\n### STUB\n# # Type it."
    for after in ("", code(f"---\nexercise: 01.get\n---\n{typed}")):
        told = "\n".join(complaints(lesson(f"{fence(LINE)}\n{after}")))
        assert "predicts an exercise, or no cell; its answer would never come" in told
    to_type = lesson(f"{fence(LINE)}\n{code(typed)}")
    assert complaints(to_type) == [] and questions.data(to_type)[0]["cell"] == "1\n2"


def test_one_letter_for_all_is_said(lesson) -> None:
    four = [fence(CHOICE, f"01.{n}") for n in range(1, 5)]
    assert "the right choice is b in every" in "\n".join(complaints(lesson("\n".join(four))))
    assert complaints(lesson("\n".join(four[:3]))) == []


def test_where_one_marks_itself_all_do(lesson) -> None:
    asked = {n: fence(CHOICE if n < 4 else NUMBER, f"01.{n}") for n in range(1, 6)}
    text = f"## Recall\n\n{asked[1]}{asked[2]}{asked[3]}\n## Exit ticket\n\n{asked[4]}"
    assert list(question_rules.complaints(lesson(f"{text}{asked[5]}"))) == []
    (said,) = question_rules.complaints(lesson(text))
    assert said == "'## Exit ticket' has 1 questions that mark themselves; it needs 2."
    (said,) = question_rules.complaints(lesson(f"{text}{asked[5]}\n*Predict:* what?\n"))
    assert said.startswith("1 times '*Predict:*' stands in the text")


UNREADABLE = {
    "both": (CHOICE.replace("asks", "predicts: x\nasks"), "needs 'asks' or 'predicts', and not"),
    "neither": ("number: 3\nbecause: so.", "needs 'asks' or 'predicts', and not both"),
    "no kind": ("asks: What?", "has none of choices, order, number, line; it needs one."),
    "two kinds": (f"{NUMBER}\nline: 3", "has number and line of choices"),
    "a key of no name": (f"{NUMBER}\nbecouse: x", "becouse: Extra inputs are not permitted"),
    "a choice that YAML reads as no text": (
        CHOICE.replace("a list", "no"),
        "choices.0.says: Input should be a valid string; put quotes around it",
    ),
    "no YAML": ("asks: [", "is no YAML"),
    "a range of three": (NUMBER.replace("[3, 5]", "[3, 4, 5]"), "of the least and the greatest"),
    "a text": ("What is it?", "Input should be a valid dictionary"),
}


@pytest.mark.parametrize(("text", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_asked_is_said(lesson, text: str, said: str) -> None:
    with pytest.raises(Problem) as problem:
        lesson(f"{fence(text)}\n{code(CELL)}")
    assert "01_made.md: the {question} '01.1'" in str(problem.value) and said in str(problem.value)


def test_a_question_that_is_not_closed_is_said(lesson) -> None:
    with pytest.raises(Problem, match=r"the \{question\} '01.1' is not closed"):
        lesson(fence(CHOICE).removesuffix("```\n"))


# The questions that there are


@pytest.mark.parametrize("each", ASKED, ids=lambda each: each[1].about)
def test_every_sentence_of_a_question_is_one(each: tuple[Lesson, Any]) -> None:
    _, one = each
    found = questions.asked(one)
    assert found.reason.strip().endswith("."), found.reason
    for but in questions.wrong_of(one.about, found).values():
        assert but[0].isupper() or but.startswith(("`", "asyncpg")), but
        assert but.endswith((".", "?")), but


@pytest.mark.parametrize("one", ASKED, ids=lambda each: each[1].about)
def test_the_solution_answers_rightly_and_each_prediction_is_marked_below_its_cell(
    one: tuple[Lesson, Any],
) -> None:
    """One whose cell is not the one that the question is kept for would stay without a mark."""
    made, asks = one
    path = paths.ROOT / "solutions" / f"{made.path.stem}.ipynb"
    marks = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            first = "".join(output.get("data", {}).get("text/plain", [])).partition("\n")[0]
            if first.endswith(f" · {asks.about}"):
                marks.append(first.partition(" · ")[0])
    assert marks == (["KEPT", "RIGHT"] if questions.asked(asks).predicts else ["RIGHT"])


PREDICTIONS = [
    (book, each) for book in material.notebooks() for each in book.questions if each.cell
]


def cells(folder: str, book: material.Notebook) -> list[dict[str, Any]]:
    path = paths.ROOT / folder / f"{book.stem}.ipynb"
    return json.loads(path.read_text("utf-8"))["cells"]


@pytest.mark.parametrize("one", PREDICTIONS, ids=lambda each: each[1].id)
def test_one_is_asked_to_type_something_only_where_the_predicted_cell_has_a_gap(
    one: tuple[material.Notebook, material.Question],
) -> None:
    """It was said of every cell, and somebody searched for what to type; stored outputs say it."""
    book, question = one
    kept = marking.kept(question, question.right)
    given = ["".join(each["source"]).strip() for each in cells("notebooks", book)]
    assert ("type what" in repr(kept)) == (question.cell.strip() not in given)
    outputs = [out for each in cells("solutions", book) for out in each.get("outputs", [])]
    said = ["".join(each.get("data", {}).get("text/plain", [])) for each in outputs]
    [stored] = [each for each in said if each.startswith(f"KEPT · {question.id}\n")]
    assert kept.lines[-1][1] in stored
