"""What the first and the last cell of a notebook say, and who is blamed for an error."""

from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from workbook import material, workspace
from workbook.lab import sentences, server_gone
from workbook.postgres import SERVER_GONE


def test_files_are_told_by_name_and_many_of_a_folder_by_its_number() -> None:
    versions = [f"alembic/versions/{number}.py" for number in range(5)]
    assert sentences.files([], []) == "none are needed here"
    assert sentences.files(["app/a.py"], []) == "found app/a.py"
    assert sentences.files([], [*versions, "alembic.ini"]) == (
        "rebuilt alembic/versions/ (5 files), alembic.ini"
    )
    assert (
        sentences.files(["a.py"], versions[:4]) == f"found a.py; rebuilt {', '.join(versions[:4])}"
    )


def test_an_app_that_is_further_on_is_told_with_the_way_back() -> None:
    book = material.notebook("01")
    own = next(iter(book.files))
    assert sentences.ahead(book, [own]) == ""
    said = sentences.ahead(book, [own, "app/later.py"])
    assert said.startswith("myapp/ is further on than notebook 01: it has app/later.py. A cell may")
    assert "`./wb catch-up 01` takes the app back to this point; `./wb undo` returns." in said


def test_progress_counts_what_is_solved_and_names_the_next_notebook(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    books = material.notebooks()
    first, second, last = books[0], books[1], books[-1]
    number, rest = (sum(not e.level for e in each.exercises) for each in (first, last))
    assert sentences.progress(first) == f"Solved here: 0 of {number}. Next: {second.stem}.ipynb."
    assert sentences.progress(last) == f"Solved here: 0 of {rest}."


def test_who_left_out_the_deeper_exercises_is_told_that_the_rest_is_deeper(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    book = next(each for each in material.notebooks() if any(e.deeper for e in each.exercises))
    own = [each for each in book.exercises if not each.level]
    core = [each for each in own if not each.deeper]
    for each in core:
        assert "deeper" not in sentences.progress(book)
        workspace.record(each.id, "right", "x")
    said = f"Solved here: {len(core)} of {len(own)}; the rest is deeper."
    assert sentences.progress(book).startswith(said)
    (standing,) = (each for each in workspace.standings(workspace.read()) if each.right)
    assert standing.is_done and standing.open


ALIVE, DEAD = (SimpleNamespace(alive=lambda known=known: known) for known in (True, False))


@pytest.mark.parametrize(
    ("error", "server", "sentence"),
    [
        (asyncpg.InvalidCatalogNameError('database "mine" does not exist'), ALIVE, "The database"),
        (asyncpg.InvalidCatalogNameError('database "other" does not exist'), ALIVE, ""),
        (ConnectionRefusedError(), DEAD, SERVER_GONE),
        (ConnectionRefusedError(), ALIVE, ""),
        (asyncpg.AdminShutdownError(), DEAD, SERVER_GONE),
        (asyncpg.UniqueViolationError(), DEAD, ""),
    ],
)
def test_our_server_is_blamed_where_it_is_gone_and_nowhere_else(
    error: Exception, server: Any, sentence: str
) -> None:
    said = server_gone.blame(error, server, "mine")
    assert said.startswith(sentence) if sentence else said == ""


def test_a_cause_below_an_error_is_blamed_too() -> None:
    outer = RuntimeError("the pool is empty")
    outer.__cause__ = ConnectionResetError()
    assert server_gone.blame(outer, DEAD, "mine") == SERVER_GONE  # type: ignore[arg-type]


def test_many_files_of_a_folder_are_named_by_it_and_the_app_itself_by_its_name() -> None:
    names = [f"{n}.toml" for n in range(5)] + [f"app/{n}.py" for n in range(5)] + ["alembic/env.py"]
    assert sentences._by_folder(names) == ["myapp/ (5 files)", "app/ (5 files)", "alembic/env.py"]
