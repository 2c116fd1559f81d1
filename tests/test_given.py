"""Files that a notebook gives, and what the learner had written in them."""

from pathlib import Path

import pytest

from workbook import material, workspace
from workbook.base import paths
from workbook.myapp import definitions, formats, given

FILE = "tests/conftest.py"
LINES = material.notebook("08").given[FILE].count("\n")


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def test_a_file_that_is_given_again_keeps_what_was_written_into_it() -> None:
    """Its cell is run again to begin anew, or to have back what was changed of what it gave."""
    whole = material.notebook("08").files[FILE]
    assert given.add("08", [FILE]) == f"myapp/{FILE}: {LINES} lines, given."
    path = paths.myapp() / FILE
    mine = whole.replace("def engine(", "def another_engine(")
    own = set(definitions.defined(mine)) - set(definitions.defined(path.read_text()))
    path.write_text(mine)
    kept = f"Yours, still in it: {', '.join(sorted(own))}."
    assert "another_engine" in own
    assert given.add("08", [FILE]) == f"myapp/{FILE}: {LINES} lines, given. {kept}"
    assert set(definitions.defined(whole)) <= set(definitions.defined(path.read_text()))


@pytest.mark.parametrize("number", [book.number for book in material.notebooks()])
def test_what_this_notebook_has_written_stays_when_its_files_are_given_again(number: str) -> None:
    """For each file of each notebook, as the whole notebook leaves it."""
    book = material.notebook(number)
    wholes = {name: book.files[name] for name in book.given if name.endswith(".py")}
    for name, whole in wholes.items():
        (paths.myapp() / name).parent.mkdir(parents=True, exist_ok=True)
        (paths.myapp() / name).write_text(whole)
    for name, whole in wholes.items():
        given.add(number, [name])
        there = (paths.myapp() / name).read_text()
        assert set(definitions.defined(whole)) <= set(definitions.defined(there)), name
        for exercise in (each for each in book.exercises if each.path == name):
            kind = formats.for_path(name)
            answer = kind.definitions(whole, exercise.names)
            assert kind.definitions(there, exercise.names) == answer, exercise.id


def test_an_answer_in_the_place_of_a_given_draft_stays_when_the_file_is_given_again() -> None:
    """Also where nothing else was written into the file."""
    given.add("08", [FILE])
    path = paths.myapp() / FILE
    draft = path.read_text()
    kind, solved = formats.for_path(FILE), material.notebook("08").files[FILE]
    path.write_text(kind.with_reference(draft, solved, {"client"}))
    mine = kind.definitions(path.read_text(), ("client",))
    assert mine != kind.definitions(draft, ("client",))
    given.add("08", [FILE])
    assert kind.definitions(path.read_text(), ("client",)) == mine


def test_a_file_of_this_name_that_was_there_before_is_replaced_and_undo_brings_it_back() -> None:
    path = paths.myapp() / FILE
    path.parent.mkdir(parents=True)
    path.write_text("def mine() -> None: ...\n")
    out = "Yours, out of it now: mine. Back: ./wb undo"
    assert given.add("08", [FILE]) == f"myapp/{FILE}: {LINES} lines, given. {out}"
    assert path.read_text() == material.notebook("08").given[FILE]
    workspace.undo()
    assert path.read_text() == "def mine() -> None: ...\n"


def test_a_file_that_python_cannot_read_is_replaced() -> None:
    path = paths.myapp() / FILE
    path.parent.mkdir(parents=True)
    path.write_text("def broken(:\n")
    assert given.add("08", [FILE]) == f"myapp/{FILE}: {LINES} lines, given."
    workspace.undo()
    assert path.read_text() == "def broken(:\n"


def test_what_an_earlier_notebook_had_there_goes() -> None:
    path = "app/routers/users.py"
    (paths.myapp() / path).parent.mkdir(parents=True)
    (paths.myapp() / path).write_text(material.files_before("07")[path])
    given.add("07", [path])
    assert (paths.myapp() / path).read_text() == material.notebook("07").given[path]


RULES = "app/rules.py"
OLDER = """from datetime import timedelta
from typing import Protocol, TypeVar

PATIENCE = timedelta(minutes=5)


class Responder(Protocol):
    @property
    def role(self) -> str: ...


Who = TypeVar("Who", bound=Responder)


def refusal(status, incident_team, user_team):
    return "mine"


def next_to_page(people, waiting):
    return people[0]
"""


@pytest.mark.parametrize(("number", "named"), [("07", ["to_page", "effect"]), ("10", ["to_page"])])
def test_given_routers_bring_what_an_older_file_of_rules_lacks(
    number: str, named: list[str]
) -> None:
    """Whoever solved the exercise before there were more rules would get a 500 from them."""
    workspace.write(paths.myapp() / RULES, OLDER)
    said = given.add(number, ["app/routers/incidents.py", "app/routers/alerts.py"])
    text = (paths.myapp() / RULES).read_text()
    assert all(name in said.splitlines()[-1] for name in (RULES, *named))
    assert {"to_page", "effect", "SEVERITIES"} <= set(definitions.defined(text))
    assert 'return "mine"' in text
    exec(compile(text, RULES, "exec"), {"__name__": "rules"})
    assert RULES not in given.add(number, ["app/routers/incidents.py"])


@pytest.mark.parametrize("number", [book.number for book in material.notebooks()])
def test_nothing_comes_along_where_the_app_is_up_to_date(number: str) -> None:
    """For each notebook, whose learner has what the earlier ones and its own cells have left."""
    book = material.notebook(number)
    written = {name: text for name, text in book.files.items() if name not in book.given}
    for name, text in (material.files_before(number) | written).items():
        workspace.write(paths.myapp() / name, text)
    for name in book.given:
        assert "put into it: " not in given.add(number, [name]), name


def test_a_file_that_the_learner_does_not_have_is_not_made_of_parts() -> None:
    """The whole reference stands in for it."""
    given.add("10", ["app/routers/incidents.py"])
    assert not (paths.myapp() / RULES).exists()
