"""pytest on the learner's app: what came of each test, and what the run left behind."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import server as server

from workbook.checks import pytesting
from workbook.checks.pytesting import Outcome
from workbook.evidence.observe import Observer
from workbook.lab import suite
from workbook.postgres import EmbeddedServer, databases


def outcome(file: str, number: int, result: str = "passed", why: str = "") -> Outcome:
    return Outcome(f"tests/test_{file}.py::test_{number}", result, why)


def test_a_few_tests_get_a_line_each_and_each_kind_is_counted() -> None:
    table = suite.outcomes([outcome("a", 1), outcome("a", 2, "failed", "assert 1 == 2")])
    assert [tuple(row) for row in table.rows] == [
        ("tests/test_a.py::test_1", "passed", ""),
        ("tests/test_a.py::test_2", "failed", "assert 1 == 2"),
    ]
    assert table.note == "1 failed, 1 passed"


def test_many_tests_get_a_line_a_file_and_what_did_not_pass_its_own() -> None:
    found = [outcome(file, number) for file in "ab" for number in range(suite.MOST_ROWS)]
    table = suite.outcomes([*found, outcome("b", 99, "error", "no database")])
    assert [tuple(row) for row in table.rows] == [
        ("tests/test_a.py", "12 passed", ""),
        ("tests/test_b.py", "12 passed", ""),
        ("tests/test_b.py::test_99", "error", "no database"),
    ]
    assert table.note == "1 error, 24 passed"


def test_where_there_is_no_test_a_sentence_says_so() -> None:
    assert repr(suite.outcomes([])) == "pytest found no test"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("engine = undefined", "NameError: name 'undefined' is not defined"),
    ],
)
def test_a_file_of_fixtures_that_cannot_be_imported_is_named(
    tmp_path: Path, text: str, why: str
) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_text(f"{text}\n")
    (tests / "test_a.py").write_text("def test_a() -> None: ...\n")
    found = asyncio.run(pytesting.apart(str(tmp_path), ["tests/test_a.py"], {}))
    assert found == [Outcome("conftest.py", "error", why)]


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("tests/test_b.py", "file or directory not found: tests/test_b.py"),
        ("--nonsense", "unrecognized arguments: --nonsense"),
        ("tests/test_a.py::test_b", "not found: tests/test_a.py::test_b"),
    ],
)
def test_what_pytest_does_not_know_of_its_arguments_is_said(
    tmp_path: Path, argument: str, why: str
) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text("def test_a() -> None: ...\n")
    found = asyncio.run(pytesting.apart(str(tmp_path), [argument], {}))
    assert found == [Outcome("pytest", "error", why)]


def test_without_an_engine_tests_that_want_a_container_get_our_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBOOK_DOCKER", "off")
    assert not suite._announce_container()
    assert capsys.readouterr().out.startswith("No Docker engine answers:")


def test_rows_and_connections_that_a_run_leaves_are_named(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> list[str]:
        await databases.recreate(server, "left")
        url, observer = server.url("left"), Observer(server.url("left", role="admin"))
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE team (n int); CREATE TABLE alembic_version (n int)")
        await connection.execute(
            "CREATE TABLE empty (n int); INSERT INTO alembic_version VALUES (1)"
        )
        await connection.execute("INSERT INTO team VALUES (1), (2)")
        monkeypatch.setattr("workbook.evidence.observe.EXPECT_TIMEOUT", 0.1)
        said = [await suite.describe_leftovers(observer)]
        await connection.execute("TRUNCATE team")
        await connection.close()
        monkeypatch.undo()
        said.append(await suite.describe_leftovers(observer))
        await observer.close()
        return said

    assert asyncio.run(work()) == [
        "left behind: team 2, 1 connections",
        "left behind: nothing",
    ]


def test_an_error_names_a_file_without_the_folder_that_a_check_ran_in() -> None:
    said = "ImportError: cannot import name 'get_db' from 'app.database' ({}app/database.py)"
    crash = SimpleNamespace(message=said.format("/tmp/nightwatch-check-lh0tmc1x/"))
    report = SimpleNamespace(longrepr=SimpleNamespace(reprcrash=crash))
    assert pytesting._why(report) == said.format("")
