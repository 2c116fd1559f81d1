"""The learner's app beside the reference: which files differ, in what, and for which reason."""

from pathlib import Path

import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place

from workbook import material, workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.material.known_answers import known_answers
from workbook.myapp import comparing, formats, standin, submission

NUMBER = "12"


@pytest.fixture
def finished(place: Path) -> dict[str, str]:
    """myapp/ as the last notebook's solution leaves it."""
    texts = standin.reference(NUMBER)
    for name, text in texts.items():
        write(name, text)
    return texts


def write(name: str, text: str) -> None:
    target = paths.myapp() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def rows() -> list[tuple[str, str, str]]:
    found = comparing.compare(NUMBER)
    assert isinstance(found, Table)
    return [(str(file), str(part), str(why)) for file, part, why in found.rows]


def test_the_finished_app_differs_in_nothing(finished: dict[str, str]) -> None:
    found = comparing.compare(NUMBER)
    assert isinstance(found, Table) and not found.rows
    assert (
        found.note == f"{len(finished)} of {len(finished)} files are the same, letter for letter."
    )


def test_a_file_that_is_missing_names_its_notebook(finished: dict[str, str]) -> None:
    (paths.myapp() / "app/auth.py").unlink()
    assert rows() == [
        ("app/auth.py", comparing.WHOLE, "it is not in myapp/; notebook 12 writes it.")
    ]


def test_a_file_of_ones_own_is_said_to_be(finished: dict[str, str]) -> None:
    write("app/mine.py", "x = 1\n")
    assert rows() == [("app/mine.py", comparing.WHOLE, "only you have it.")]


def test_another_layout_is_no_other_code(finished: dict[str, str]) -> None:
    write("app/rules.py", "# A word of my own.\n" + finished["app/rules.py"])
    assert rows() == [("app/rules.py", "layout and comments", "the code says the same.")]


def test_what_stands_outside_of_definitions_is_seen(finished: dict[str, str]) -> None:
    write("app/main.py", finished["app/main.py"] + "\nprint(app.title)\n")
    [(file, part, why)] = rows()
    assert (file, part) == ("app/main.py", "what stands outside of definitions")
    assert why == "you wrote it in another way, and no check asks for it."


def test_a_definition_that_no_exercise_asks_for_is_the_learners_own(
    finished: dict[str, str],
) -> None:
    write("app/main.py", finished["app/main.py"].replace('VERSION = "', 'VERSION = "9'))
    assert rows() == [
        ("app/main.py", "VERSION", "you wrote it in another way, and no check asks for it.")
    ]


def test_a_definition_that_is_gone_names_the_notebook_that_gives_it(
    finished: dict[str, str],
) -> None:
    text = finished["app/database.py"]
    write("app/database.py", text[: text.index("async def hold(")])
    [(file, part, why)] = rows()
    assert (file, part) == ("app/database.py", "hold")
    assert why == "it is not in yours; notebook 12 gives it."


def test_an_older_definition_is_dated(finished: dict[str, str]) -> None:
    write("app/database.py", material.files_before("12")["app/database.py"])
    found = {part: why for _, part, why in rows()}
    assert found["read"] == "it is as notebook 10 leaves it; a later one gives another."


def hold_by(name: str) -> str:
    """app/database.py with this known answer to 12.team in it."""
    [answer] = [each for each in known_answers("12.team") if each.name == name]
    exercise = material.exercise("12.team")
    text = standin.reference(NUMBER)["app/database.py"]
    return formats.for_path(exercise.path).merge(text, answer.text)


def test_an_answer_that_is_not_right_yet_is_said_to_be(finished: dict[str, str]) -> None:
    write("app/database.py", hold_by("set"))
    [(_, part, why)] = rows()
    assert part == "hold"
    assert why == "12.team is not right yet: where the app runs, the reference stands in."


def test_another_right_answer_says_what_it_costs_or_gains(finished: dict[str, str]) -> None:
    text = hold_by("as_text")
    write("app/database.py", text)
    exercise = material.exercise("12.team")
    workspace.record(exercise.id, "right", submission.digest(exercise, text))
    [known] = [each for each in known_answers("12.team") if each.name == "as_text"]
    [(_, part, why)] = rows()
    assert part == "hold"
    assert why.startswith("12.team found yours right. ")
    assert known.sentence[1:] in why


def test_the_lines_of_a_file_are_shown_with_whose_they_are(finished: dict[str, str]) -> None:
    write("app/rules.py", finished["app/rules.py"] + "\nMINE = 1\n")
    card = comparing.compare(NUMBER, "app/rules.py")
    assert isinstance(card, Card) and "+MINE = 1" in card.code
    same = comparing.compare(NUMBER, "app/main.py")
    assert same.title == "myapp/app/main.py is the reference's, letter for letter."
    with pytest.raises(Problem, match="Neither myapp/ nor the reference"):
        comparing.compare(NUMBER, "app/nothing.py")
