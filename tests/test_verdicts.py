"""What a verdict says of an error, of calls that nobody awaited, and of an app that crashed."""

import asyncio
import errno
import importlib
import json
import logging
import re
import sys
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from fastapi import BackgroundTasks, FastAPI, Response
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql

from workbook import material
from workbook.base import disk
from workbook.base.problem import Problem
from workbook.checks import crashes, known_mistakes, nb09, python_warns, unawaited
from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.app_client import client_of
from workbook.checks.calling import calling
from workbook.checks.handlers import function_takes
from workbook.checks.messages import LENGTH, innermost, message
from workbook.checks.result import right, with_facts
from workbook.checks.unexpected import explain
from workbook.checks.verdict import NotYet, Reason

HERE = str(Path(__file__).parent)


async def query() -> list[str]:
    return []


def line_of(mark: str) -> str:
    lines = Path(__file__).read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if mark in line)
    return f"{Path(__file__).name}, line {number}:"


def raised(call: Callable[[], object]) -> BaseException:
    try:
        call()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def awaited(call: Callable[[], Awaitable[object]]) -> BaseException:
    async def run() -> object:
        return await call()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return raised(lambda: asyncio.run(run()))


async def opened_plainly() -> None:
    async with query():  # type: ignore[attr-defined]
        pass


async def unpacked() -> None:
    _first, _second = query()  # type: ignore[misc]


async def gathered() -> None:
    dict(zip("ab", asyncio.gather(query(), query()), strict=True))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (opened_plainly, "`async with` was given a coroutine"),
        (unpacked, "Put `await` before that call."),
        (gathered, "`asyncio.gather(…)` gives a future"),
    ],
)
def test_python_still_words_a_missing_await_as_the_verdicts_know_it(
    call: Callable[[], Awaitable[object]], says: str
) -> None:
    assert says in known_mistakes.await_missing(awaited(call))


@pytest.mark.parametrize(
    "use",
    [
        lambda made: made.fetch(),
        lambda made: list(made),
        lambda made: made[0],
        lambda made: len(made),
        lambda made: 1 + made,
        lambda made: made < 2,
        lambda made: "".join([made]),
        lambda made: json.dumps(made),
        lambda made: 1 in made,
    ],
)
def test_whatever_is_done_with_a_coroutine_tells_of_the_missing_await(
    use: Callable[[Any], object],
) -> None:
    made = query()
    assert "Put `await` before that call." in known_mistakes.await_missing(
        raised(lambda: use(made))
    )
    made.close()


@pytest.mark.parametrize(
    "error",
    [
        TypeError("a coroutine was expected, got None"),
        RuntimeError("cannot reuse already awaited coroutine"),
        RuntimeError("coroutine ignored GeneratorExit"),
        AttributeError("'NoneType' object has no attribute 'fetch'"),
    ],
)
def test_other_errors_about_coroutines_are_no_missing_await(error: Exception) -> None:
    assert known_mistakes.await_missing(error) == ""


def test_the_first_error_counts_where_a_finally_has_hidden_it() -> None:
    async def forgets_to_connect() -> None:
        connection: Any = query()
        try:
            await connection.fetch()
        finally:
            await connection.close()

    lines = explain(awaited(forgets_to_connect), HERE, "00")["lines"]
    assert "has no attribute 'fetch'" in lines["What happened"]
    assert "Put `await` before that call." in lines["What it means"]
    assert "Ask yourself" not in lines


def test_a_call_that_was_never_awaited_is_named_with_its_line() -> None:
    async def run() -> str:
        unawaited.remember_origins()
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            query()  # type: ignore[unused-coroutine]  # here it is made
            answer = Answer("", "", (), "", None, complaints, HERE)  # type: ignore[arg-type]
            return answer.never_awaited()

    assert f"`query`, called in {line_of('# here it is ' + 'made')}" in asyncio.run(run())


def test_a_coroutine_that_the_check_has_made_is_not_the_learners() -> None:
    async def run() -> str:
        unawaited.remember_origins()
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            query()  # type: ignore[unused-coroutine]
            unawaited.collect(complaints)
            return unawaited.calls(complaints, "/the/folder/of/a/check")

    assert asyncio.run(run()) == ""


def test_an_error_lets_go_of_the_coroutines_in_its_frames() -> None:
    async def run() -> list[str]:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            try:
                made: Any = query()
                made.fetch()
            except AttributeError as error:
                del made
                unawaited.let_go(error)
            return unawaited.never_awaited(complaints)

    assert asyncio.run(run()) == ["coroutine 'query' was never awaited"]


def test_a_group_is_told_by_its_first_error() -> None:
    inner = ExceptionGroup("inner", [KeyError("phone")])
    assert message(innermost(ExceptionGroup("outer", [inner]))) == "KeyError: 'phone'"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(), "ValueError"),
        (ValueError("first\nsecond"), "ValueError: first"),
        (ValueError("One sentence. " + "word " * 99), "ValueError: One sentence. …"),
        (SyntaxError("expected ':'", ("answer.py", 2, 1, "")), "SyntaxError: expected ':'"),
    ],
)
def test_a_message_is_its_first_line_cut_at_a_sentence(error: Exception, said: str) -> None:
    assert message(error) == said


def test_a_message_keeps_the_password_of_an_address_to_itself() -> None:
    error = exc.ArgumentError(
        "AsyncEngine expected, got 'postgresql+asyncpg://app:s3cret@db:5432/x'"
    )
    said = message(error)
    assert "s3cret" not in said and "postgresql+asyncpg://app:…@db:5432/x" in said
    assert message(ValueError("see https://sqlalche.me/e/21:1")).endswith("sqlalche.me/e/21:1")


@pytest.mark.parametrize(
    ("where", "brackets"),
    [
        ("your cell, line 6: return await session.scalars(select(Team)).all()", True),
        ("your cell, line 6: for team in await session.scalars(select(Team)).all():", True),
        ("your cell, line 6: return list(await load(session.scalars(query).all()))", False),
        ("your cell, line 6: rows = session.scalars(select(Team)).all()", False),
        ("your cell, line 6: rows = (await session.scalars(select(Team))).all()", False),
    ],
)
def test_an_await_before_a_chain_is_told_of_brackets(where: str, brackets: bool) -> None:
    made = query()
    error = raised(lambda: made.all())  # type: ignore[attr-defined]
    made.close()
    said = known_mistakes.meaning(error, where)
    assert ("`(await call(…)).all`" in said) is brackets
    assert ("Put `await` before that call." in said) is not brackets


def test_a_colon_between_quotes_is_told_where_a_value_goes() -> None:
    said = "A value is required for bind parameter 'down'"
    inside = exc.StatementError(said, "VALUES ('it is $1')", None, ValueError(said))
    outside = exc.StatementError(said, "VALUES ($1, 'it')", None, ValueError(said))
    assert "`:title` without quotes" in known_mistakes.meaning(inside)
    assert known_mistakes.meaning(outside) == ""


def test_a_long_word_is_cut_too() -> None:
    assert len(message(ValueError("x" * 999))) < LENGTH + 20


def test_what_the_driver_said_comes_without_sqlalchemys_own_words() -> None:
    orig = Exception("it is taken")
    orig.__cause__ = LookupError()
    error = exc.IntegrityError("INSERT", None, orig)
    assert message(error) == "IntegrityError (asyncpg's LookupError): it is taken"


def test_an_object_without_what_the_check_asks_it_for_is_described() -> None:
    lines = explain(raised(lambda: None.name), "/nowhere", "00")["lines"]  # type: ignore[attr-defined]
    assert lines["What happened"] == "it is None, which has no `.name`"
    assert "You called" not in lines and "Ask yourself" not in lines


def test_an_object_of_the_checks_own_is_our_fault() -> None:
    result = explain(raised(lambda: Reason().name), "/nowhere", "00")  # type: ignore[attr-defined]
    assert result["outcome"] == "broken"


def test_a_full_disk_is_nobodys_answer() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert explain(full, "/nowhere", "00")["lines"] == {"Sorry": disk.FULL}
    no_room = asyncpg.DiskFullError("could not extend file")
    assert explain(no_room, "/nowhere", "00")["lines"] == {"Sorry": disk.FULL}
    with pytest.raises(Problem, match="The disk is full"), disk.full_is_a_problem():
        raise full
    with pytest.raises(FileNotFoundError), disk.full_is_a_problem():
        raise FileNotFoundError


def known_by_its_words(notebook: str) -> tuple[type[Exception], str]:
    """A class and a message of an entry of this notebook's that asks for nothing else."""
    entry = next(
        each
        for each in material.errors()
        if each.notebook[:2] == notebook and each.says and not each.sqlstate and not each.where
        if each.names[0] != "TypeError"  # a verdict has words of its own for a missing await
    )
    return type(entry.names[0], (Exception,), {}), f"as always: {entry.says[0]}"


def test_the_dictionary_speaks_of_an_error_in_the_learners_line() -> None:
    kind, said = known_by_its_words("00")

    def fails() -> None:
        raise kind(said)

    lines = explain(raised(fails), HERE, "00")["lines"]
    assert lines["What it means"] and lines["What to do"]
    assert lines["You wrote"].endswith("raise kind(said)")


def app_of_two_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """An answer, `two_files/answers.py`, and the file that it uses, which was given."""
    place = folder / "two_files"
    place.mkdir()
    (place / "given.py").write_text("def transact(work):\n    return work() + 1\n", "utf-8")
    answer = "from two_files.given import transact\n\n\ndef add():\n    return transact(str)\n"
    (place / "answers.py").write_text(answer, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    for name in [each for each in sys.modules if each.split(".")[0] == "two_files"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("two_files.answers")


@pytest.mark.parametrize(
    ("module", "label", "where"),
    [
        ("two_files.answers", "You wrote", "two_files/answers.py, line 5: return transact(str)"),
        ("two_files.given", "You wrote", "two_files/given.py, line 2: return work() + 1"),
        ("answer", "In the app", "two_files/given.py, line 2: return work() + 1"),
        ("", "You wrote", "two_files/given.py, line 2: return work() + 1"),
    ],
)
def test_a_line_of_a_file_that_was_given_is_not_said_to_be_the_learners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, label: str, where: str
) -> None:
    error = raised(app_of_two_files(tmp_path, monkeypatch).add)
    lines = explain(error, str(tmp_path), "07", module)["lines"]
    assert {key: lines[key] for key in lines.keys() & {"You wrote", "In the app"}} == {label: where}


def test_an_error_names_the_call_of_the_check_that_met_it_and_no_note_of_the_answer() -> None:
    def fails() -> None:
        error = LookupError("no such team")
        error.add_note("a note of the answer's own")
        raise error

    def calls(*names: str) -> None:
        with calling(names[0]):
            calls(*names[1:]) if names[1:] else fails()

    assert "You called" not in explain(raised(fails), HERE, "07")["lines"]
    lines = explain(raised(lambda: calls("turn([])", "turn([Ada])")), HERE, "07")["lines"]
    assert lines["You called"] == "turn([Ada])", "the innermost one"
    assert list(lines)[:2] == ["You called", "You wrote"]
    kept = NotYet("f()", got="1", wanted="2")

    def judges() -> None:
        with calling("g()"):
            raise kept

    assert raised(judges) is kept and not hasattr(kept, "__notes__")


def test_what_a_line_raises_while_it_handles_an_error_is_about_that_line() -> None:
    class InterfaceError(Exception):
        pass

    def reads_what_is_not_there() -> None:
        try:
            raise InterfaceError("another operation is in progress")
        except InterfaceError as error:
            error.code  # type: ignore[attr-defined]  # noqa: B018

    lines = explain(raised(reads_what_is_not_there), HERE, "00")["lines"]
    assert "has no attribute 'code'" in lines["What happened"]
    assert "What it means" not in lines


def test_a_later_notebooks_way_out_is_not_proposed() -> None:
    kind, said = known_by_its_words("05")

    def fails() -> None:
        raise kind(said)

    assert "What to do" not in explain(raised(fails), HERE, "00")["lines"]
    assert "What to do" in explain(raised(fails), HERE, "05")["lines"]


def test_a_text_in_double_quotes_is_told_from_a_column_that_is_missing() -> None:
    error = LookupError('column "open" does not exist')
    where = "your cell, line 4: 'SELECT title FROM incident WHERE status = \"open\"'"
    assert "single quotes" in known_mistakes.meaning(error, where)
    assert known_mistakes.meaning(error, "your cell, line 4: 'SELECT open FROM incident'") == ""


def test_a_name_that_is_made_further_down_is_told_from_one_that_is_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "models.py"
    file.write_text("class User:\n    team = Team\n\n\nclass Team: ...\n")
    error = raised(lambda: exec(compile(file.read_text(), str(file), "exec"), {}))
    said = known_mistakes.meaning(error)
    assert "`Team` is made in line 5 of this file, below line 2" in said
    file.write_text("class User:\n    team = Squad\n\n\nclass Team: ...\n")
    error = raised(lambda: exec(compile(file.read_text(), str(file), "exec"), {}))
    assert known_mistakes.meaning(error) == ""


@pytest.mark.parametrize(("insert", "said"), [(postgresql.insert, True), (sa.insert, False)])
def test_a_method_that_the_insert_of_postgresql_lacks_is_told_from_the_general_insert(
    insert: Callable[[Any], Any], said: bool
) -> None:
    error = raised(lambda: insert(sa.table("alert")).on_conflict_ignore())
    assert ("`on_conflict_do_nothing`" in known_mistakes.meaning(error)) is said


def test_an_error_that_no_except_of_a_function_is_for_is_told_from_one_that_it_takes() -> None:
    def tries() -> str:
        try:
            return "done"
        except (KeyError, exc.IntegrityError):
            return "refused"

    assert function_takes(tries, KeyError())
    assert not function_takes(tries, asyncpg.UniqueViolationError())
    assert not function_takes(crashing_app, KeyError())


def test_what_nobody_called_is_looked_at() -> None:
    assert "You called" in NotYet("f()", got="1", wanted="2").lines
    assert "What was looked at" in NotYet.looked_at("the rows", got="1", wanted="2").lines
    assert "Ask yourself" not in NotYet("f()", got="1", wanted="2").lines
    with pytest.raises(NotYet) as found:
        expect_state("the rows", 1, 2, "who commits?")
    assert found.value.lines == {
        "What was looked at": "the rows",
        "What happened": "1",
        "What was wanted": "2",
        "Ask yourself": "who commits?",
    }
    with pytest.raises(NotYet, match="it returned 1"):
        expect("f()", 1, 2)


def test_of_files_that_docker_reads_nothing_is_said_to_be_called() -> None:
    texts = [each.read_text("utf-8") for each in Path(nb09.__path__[0]).glob("*.py")]
    assert not [line for text in texts for line in re.findall(r".*(?:NotYet|expect)\(.*", text)]


def test_facts_stand_behind_what_happened_and_before_the_question() -> None:
    lines = NotYet("f()", got="1", wanted="2", ask="why?").lines
    labels = list(with_facts(lines, {"Never awaited": "`g`", "Raised in the app": ""}))
    assert labels == [
        "You called", "What happened", "Never awaited", "What was wanted", "Ask yourself"
    ]  # fmt: skip


def test_a_right_answer_may_have_its_own_reason() -> None:
    assert right(None) == {"outcome": "right", "lines": {}, "why": "", "try_next": ""}
    assert right(Reason("so", "then"))["try_next"] == "then"


def crashing_app() -> FastAPI:
    app = FastAPI()

    @app.get("/field")
    async def field() -> str:
        return None.name  # type: ignore[attr-defined,no-any-return]  # in the endpoint

    @app.get("/late")
    async def late(tasks: BackgroundTasks) -> None:
        tasks.add_task(lambda: {}["late"])  # after the answer

    @app.exception_handler(KeyError)
    async def handler(_request: object, _error: KeyError) -> None:
        return None.handler  # type: ignore[attr-defined,no-any-return]  # in the handler

    @app.get("/handled")
    async def handled() -> None:
        raise KeyError

    @app.get("/own-fields")
    async def own_fields() -> None:
        logging.getLogger("nightwatch").warning("told", extra={"fields": ["no", "mapping"]})

    @app.get("/noted")
    async def noted() -> Response:
        fields = {"cause": "TimeoutError: no connection"}
        logging.getLogger("nightwatch").warning("unavailable", extra={"fields": fields})
        return Response(status_code=503)

    @app.get("/well")
    async def well() -> None:
        return None

    return app


@pytest.mark.parametrize(
    ("path", "error", "mark"),
    [
        ("/field", "'NoneType' object has no attribute 'name'", "# in the end" + "point"),
        ("/late", "KeyError: 'late'", "# after the ans" + "wer"),
        ("/handled", "'NoneType' object has no attribute 'handler'", "# in the hand" + "ler"),
        ("/well", "", ""),
        ("/own-fields", "", ""),
    ],
)
def test_what_an_app_raises_is_known_with_its_line_until_it_is_asked_again(
    path: str, error: str, mark: str
) -> None:
    async def ask() -> str:
        async with client_of(crashing_app()) as client:
            await client.get("/field")
            await client.get(path)
        return crashes.raised(HERE)

    said = asyncio.run(ask())
    assert error in said
    assert (line_of(mark) in said) if mark else said == ""


@pytest.mark.parametrize(
    ("path", "cause"),
    [("/noted", "TimeoutError: no connection"), ("/well", ""), ("/field", "")],
)
def test_what_an_app_notes_as_it_refuses_is_known_until_it_is_asked_again(
    path: str, cause: str
) -> None:
    async def ask() -> tuple[str, str]:
        async with client_of(crashing_app()) as client:
            await client.get("/noted")
            before = crashes.noted()
            await client.get(path)
        return before, crashes.noted()

    assert asyncio.run(ask()) == ("TimeoutError: no connection", cause)


def test_a_return_in_finally_of_which_newer_pythons_warn_takes_no_question_away() -> None:
    assert python_warns.is_the_mistake("assertion is always true (your cell, line 3: assert (a))")
    assert not python_warns.is_the_mistake("'return' in a 'finally' block (your cell, line 9)")
    assert not python_warns.is_the_mistake("")
