"""The error dictionary: which entry is chosen, and what is said where none is."""

import asyncio
import itertools
from typing import Any, get_args

import asyncpg
import httpx
import pydantic
import pytest
from pydantic_core.core_schema import ErrorType
from sqlalchemy.exc import IntegrityError

from workbook import dictionary, material
from workbook.authoring import current, error_entries
from workbook.base.causes import causes
from workbook.dictionary import choice, conditions, surroundings, validation, words
from workbook.dictionary.evidence import Evidence, chain
from workbook.lab.explain import _causes, explain, is_explained

NUMBERS = [each.number for each in material.notebooks()]
ENTRIES = material.errors()
SQLSTATES = {
    "deadlock detected": "40P01",
    "could not serialize": "40001",
    "duplicate key": "23505",
    "contains null values": "23502",
    "column team.escalate_after": "42703",
    'type "role"': "42704",
    "lock timeout": "55P03",
    "CONCURRENTLY": "25001",
    "invalid byte sequence": "22021",
    "connection slots": "53300",
    "password authentication": "28P01",
    "COPY FROM not supported": "0A000",
    "row-level security": "42501",
}
"""What a certified failure says, and the code that PostgreSQL gives it."""
WHOLE = {
    "Connect call failed": "[Errno 111] Connect call failed ('127.0.0.1', 1)",
    "is not bound to a Session": "Instance <Incident at 0x1> is not bound to a Session; attribute"
    " refresh operation cannot proceed",
    "object has no attribute 'greeting'": "'State' object has no attribute 'greeting'",
    "duplicate key value violates unique constraint": "duplicate key value violates unique"
    ' constraint "pg_type_typname_nsp_index"',
}
"""The messages of which lessons certify a part."""


def name_of(entry: material.ErrorEntry | None) -> str:
    found = {"name": entry.name, "title": entry.title} if entry else None
    return f"{entry.notebook} {error_entries.heading(found)}" if entry and found else ""


def signs(entry: material.ErrorEntry) -> list[Evidence]:
    """What the entry can be recognised by, each way that it names."""
    ways = itertools.product(
        entry.names,
        *(each or ("",) for each in (entry.says, entry.sqlstate, entry.where, entry.sql)),
    )
    return [
        Evidence(frozenset({name}), f"({says})", code, *(frozenset({e} - {""}) for e in (at, sql)))
        for name, says, code, at, sql in ways
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_no_entry_hides_another(entry: material.ErrorEntry) -> None:
    """Each of its signs leads to it, in its own notebook; to those of none, in every notebook."""
    numbers = [entry.notebook[:2]] if entry.notebook else NUMBERS
    chosen = [choice.choose([seen], number) for seen in signs(entry) for number in numbers]
    assert {name_of(each) for each in chosen} == {name_of(entry)}


def test_no_entry_claims_every_message_of_a_class() -> None:
    assert [name_of(e) for e in ENTRIES if not (e.says or e.sqlstate or e.where or e.sql)] == []


FAILURES = [(book["number"], each) for book in current.facts() for each in book["failures"]]


@pytest.mark.parametrize(
    ("number", "failure"), FAILURES, ids=[f"{n}-{f['raises']}-{f['cell']}" for n, f in FAILURES]
)
def test_a_certified_failure_has_an_entry_of_its_own_notebook(
    number: str, failure: dict[str, str]
) -> None:
    """By its class, its text and its code, at a place that the entry names; the nbval run asks
    `lab.explain()` about the real ones.
    """
    code = next((code for text, code in SQLSTATES.items() if text in failure["says"]), "")
    own = [each for each in ENTRIES if each.notebook[:2] == number]
    places = [frozenset(each.where) for each in own if failure["raises"] in each.names]
    text = WHOLE.get(failure["says"], failure["says"])
    seen = [Evidence(frozenset({failure["raises"]}), text, code, each) for each in places]
    chosen = [choice.choose([each], number) for each in seen]
    assert number in {each.notebook[:2] for each in chosen if each}


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_the_errors_of_a_group_are_looked_at() -> None:
    busy = asyncpg.InterfaceError("cannot perform operation: another operation is in progress")
    group = ExceptionGroup("two tasks", [ValueError("a"), ExceptionGroup("more", [busy])])
    entry = dictionary.entry(group, "00")
    assert entry and entry.title == "another operation is in progress"
    assert busy in list(causes(group))


def test_a_group_of_different_errors_names_each_and_takes_the_words_of_none() -> None:
    said = explain(ExceptionGroup("two tasks", [ValueError("a"), KeyError("b")])).text
    assert "The group has 2 errors: ValueError (a); KeyError ('b')." in said
    assert "Several tasks failed at once" in said
    assert "cannot take it" not in said


def test_an_error_is_explained_by_what_it_was_raised_from_and_not_by_what_was_being_handled() -> (
    None
):
    first = raised(asyncpg.InvalidPasswordError("no"))
    second = ValueError("new")
    second.__context__ = first
    assert dictionary.entry(second, "00") is None
    assert (
        "It was raised while asyncpg's InvalidPasswordError was being handled."
        in explain(second).text
    )
    assert dictionary.entry(raised(ValueError("new"), first), "00")
    second.__suppress_context__ = True
    assert "being handled" not in explain(second).text


def test_a_timeout_of_ones_own_around_a_statement_is_no_timeout_of_the_driver() -> None:
    """The place is looked for in the traceback of the error itself, not of what it cancelled."""

    async def work() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(work())
    below = caught.value.__cause__ or caught.value.__context__
    assert isinstance(below, asyncio.CancelledError)
    assert "work" in chain(below)[0].places and "sleep" not in chain(caught.value)[0].places


def test_the_statement_that_sqlalchemy_quotes_is_no_message() -> None:
    said = "SELECT 'is not available due to lazy=''raise'''"
    error = IntegrityError(said, {}, ValueError("nothing"))
    assert dictionary.entry(error, "02") is None


def test_own_entries_come_before_earlier_ones_and_these_before_later_ones() -> None:
    refused = ConnectionRefusedError("[Errno 111] Connect call failed ('127.0.0.1', 1)")
    chosen = [dictionary.entry(refused, number) for number in ("00", "05", "09", "10")]
    assert [each.notebook[:2] for each in chosen if each] == ["00", "00", "09", "09"]


@pytest.mark.parametrize("code", ["08P99", "22P99", "23099", "25P99", "28P99", "40099", "42P99"])
def test_what_no_entry_knows_is_told_by_the_class_of_its_sqlstate(code: str) -> None:
    error = asyncpg.PostgresError("something")
    error.sqlstate = code
    assert dictionary.entry(error, "00") is None
    assert words.CLASSES[code[:2]] in explain(error, "00").text
    assert is_explained(error, "00")


NARROW = "0A 21 22 23 25 26 28 2B 3D 3F 40 42 44 53 54 55 57"
"""Classes whose conditions a program of this stack can raise."""
UNMET = "22002 2200C 2200L 2200S 2200T 22010 22022 22024 2202G 22037 2203D 2203E"
UNMET += " 25002 25003 25004 25005 25007 25008"
"""Conditions of those that PostgreSQL raises nowhere, or for features that nobody here uses."""


def test_every_condition_that_may_be_met_has_words_of_its_own() -> None:
    kinds = [each for each in vars(asyncpg).values() if hasattr(each, "sqlstate")]
    codes = {each.sqlstate for each in kinds if each.sqlstate}
    narrow = {each for each in codes if each[:2] in NARROW.split()}
    assert narrow - conditions.CONDITIONS.keys() == set(UNMET.split()) & codes
    assert conditions.CONDITIONS.keys() <= codes


def test_what_no_entry_knows_is_told_by_its_condition() -> None:
    error = asyncpg.PostgresError("function unaccent(text) is not unique")
    error.sqlstate = "42725"
    assert dictionary.entry(error, "00") is None
    assert conditions.CONDITIONS["42725"] in explain(error, "00").text


def test_every_class_of_sqlstate_of_the_driver_has_words() -> None:
    kinds = [each for each in vars(asyncpg).values() if hasattr(each, "sqlstate")]
    codes = {each.sqlstate for each in kinds if each.sqlstate}
    assert len(codes) > 200
    assert {code for code in codes if not dictionary.of_sqlstate(code)} == {"00000"} & codes


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NameError("x"), "A name is read that nobody has made here"),
        (UnboundLocalError("x"), "before a line has given it a value"),
        (asyncio.CancelledError(), "A task was cancelled while it waited."),
        (KeyError("a"), "A dictionary, a row or the environment has no such key"),
        (RuntimeError("something"), "The class says nothing narrower"),
        (IntegrityError("SELECT 1", {}, ValueError("odd")), "SQLAlchemy"),
        (type("Odd", (Exception,), {"__module__": "app.errors"})(), "`app` raises `Odd`."),
    ],
)
def test_a_plain_error_is_told_by_its_kind_and_the_line(error: BaseException, kind: str) -> None:
    said = explain(raised(error), "00").text
    assert kind in said
    assert "The dictionary has no entry for it." in said
    assert "last line" not in said
    assert not is_explained(error, "00")


@pytest.mark.parametrize(
    ("code", "stumbled"),
    [
        ("import email.utils\nemail.utils.unquote(5)", True),
        ("class T(BaseModel):\n    name: str\nT(name='a').nmae", False),
        ("class T(BaseModel):\n    name: str\nT()", False),
        ("int('a')", False),
        ("import email.utils\nemail.utils.parsedate_to_datetime('x')", False),
    ],
)
def test_a_library_that_stumbles_is_told_from_one_that_answers(code: str, stumbled: bool) -> None:
    assert ("the library stumbled itself" in explain(calls(code), "00").text) == stumbled


def calls(code: str) -> BaseException:
    """What this code raises, with the traceback of its caller."""
    try:
        exec(code, {"BaseModel": pydantic.BaseModel, "httpx": httpx})
    except Exception as error:
        return error
    raise AssertionError(code)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def save(team, *, name): pass\nsave(1, nam='x')", "It has `name`."),
        ("def save(team, *, name): pass\nsave(1, colour='x')", "It takes `team`, `name`."),
        ("httpx.Client(timeuot=1)", "It has `timeout`."),
        ("httpx.Client().getr('/')", "It has `get`"),
        ("class T(BaseModel):\n    name: str\nT(name='a').nmae", "It has `name`."),
        ("import asyncio\nasyncio.gahter()", "It has `gather`."),
        ("from asyncio import gahter", "It has `gather`."),
        ("sessions = 1\nsession", "There is `sessions`."),
        ("class T:\n    def go(self, x): pass\nT.go(x=1)", "called on its class"),
        ("def f(a, b): pass\nf(1)", "does not give 'b'."),
        ("def f(a): pass\nf(1, 2)", "takes (1; a method's object"),
        ("{{}}", "a set of a dictionary"),
        ("'a' + 1", "`str(value)`, or an f-string"),
        ("1 + None", "A value is None where something else was expected"),
        ("a, b = 1, 2, 3", "Another number of names"),
        ("{}.name", '`data["name"]`'),
        ("import datetime\ndatetime.datetime.now().datetime()", "The object has no attribute"),
        ("int('')", "What is to become a number is none"),
        ("'{}'['a']", "A text is read with a key"),
        ("5 in 5", "The right side of `in` is a `int`"),
        ("(1)(2)", "Brackets stand behind a value (`int`)"),
        ("def f(a): pass\nf(1, a=2)", "`a` is given twice"),
        ("def save(team): pass\nsave(1, colour=2)", "`save` does not take `colour=`"),
        ("from typing import Teams", "`from typing_extensions import Teams`"),
        ("from asyncio import tasks_of", "The `asyncio` of this Python has no `tasks_of`"),
        ("import asyncio\nasyncio.annotationlib", "`annotationlib` came with Python 3.14."),
        ("create_async_engine", "`from sqlalchemy.ext.asyncio import create_async_engine`"),
        ("__file__", "`Path.cwd()`"),
        ("json.dumps(1)", "`import json` brings it"),
        ("email", "the name is mistyped."),
        ("raise ValueError('x is not a valid URL')", "of the right type, and what was called"),
        ("'a' | {}", "`|` is not defined between"),
        ("null", "Python's are None, True and False"),
        ("pip install fastapi", "a command of the shell"),
        ("SELECT 1 FROM team", "The line is SQL"),
        ("[][0]", "There are fewer elements than the index wants"),
        ("import sqlalchemy as a\na.Table('t', a.MetaData()).name_", "`users.c.name_`"),
        ("class T: pass\nT().fetchrow", "`fetchrow` is of asyncpg's `Connection`"),
        ("'team' | None", "put quotes around all of it"),
        ("open('/')", "The path is a folder"),
        ("import logging\nlogging.getLogger().error('a', b=1)", "`extra={'b': …}`"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_message_of_pythons_is_told_by_its_form(code: str, says: str) -> None:
    assert says in words.of_kind(calls(code))


@pytest.mark.parametrize(
    ("module", "name", "says"),
    [
        ("jwt.exceptions", "ExpiredSignatureError", "`exp` lies in the past"),
        ("jwt.exceptions", "InvalidSubjectError", "str(user.id)"),
        ("jose.exceptions", "JWTClaimsError", "`sub` has to be a text"),
        ("argon2.exceptions", "VerifyMismatchError", "The password is another one"),
        ("redis.exceptions", "ConnectionError", "the name of the service"),
        ("starlette.websockets", "WebSocketDisconnect", "`except WebSocketDisconnect:`"),
        ("asyncio.queues", "QueueEmpty", "`await queue.get()`"),
        ("sqlalchemy.exc", "DBAPIError", "SQLAlchemy passes it on"),
    ],
)
def test_an_error_of_a_library_is_told_by_its_class(module: str, name: str, says: str) -> None:
    assert says in words.of_kind(type(name, (Exception,), {"__module__": module})("no"))


def test_the_keys_that_are_there_are_told() -> None:
    data = {"name": 1, "size": 2}
    with pytest.raises(KeyError) as caught:
        data["nmae"]
    assert "`data` has `'name'`, `'size'`." in words.of_kind(caught.value)


def test_the_words_of_libpq_have_the_code_that_the_server_sent() -> None:
    error = type("OperationalError", (Exception,), {"__module__": "psycopg2"})
    said = 'FATAL:  password authentication failed for user "night"'
    assert dictionary.sqlstate(error(said)) == "28P01"
    assert dictionary.sqlstate(ValueError(said)) == ""
    assert dictionary.sqlstate(IntegrityError("", {}, error(said))) == "28P01"


def test_what_the_server_adds_is_told_where_no_entry_is() -> None:
    sent = {"C": "22P99", "M": "no", "t": "team", "c": "size", "D": "Too large.", "H": "Ask."}
    said = explain(asyncpg.PostgresError.new(sent), "00").text
    assert "It is about table `team`, column `size`." in said
    assert "PostgreSQL's detail: Too large. Its hint: Ask." in said


def test_a_module_is_hidden_by_a_file_only_where_a_package_has_its_name() -> None:
    def place(name: str, file: str) -> set[str]:
        error = raised(ImportError(f"cannot import name 'a' from '{name}'", name=name, path=file))
        return set(surroundings.signs(error))

    assert place("fastapi", "/home/me/fastapi.py") == {surroundings.HIDDEN}
    assert place("shop", "/home/me/shop.py") == set()
    assert place("httpx", str(httpx.__file__)) == set()


def test_the_class_that_the_caller_sees_is_meant_where_another_has_its_name() -> None:
    import werkzeug.test

    assert werkzeug.test.Client.__init__.__qualname__ == httpx.Client.__init__.__qualname__
    assert "It has `timeout`." in words.of_kind(calls("httpx.Client(timeuot=1)"))


def test_no_property_is_asked_for_the_names_that_are_near() -> None:
    asked = []

    class Team:
        @property
        def members(self) -> None:
            asked.append("members")

    with pytest.raises(AttributeError) as caught:
        Team().member  # type: ignore[attr-defined]  # noqa: B018
    assert "It has `members`." in words.of_kind(caught.value)
    assert asked == []


def test_every_type_of_fault_of_pydantics_has_words() -> None:
    known = {each for each in get_args(ErrorType) if validation.words(each)}
    silent = {"arguments_type", "needs_python_object", "invalid_key", "ellipsis_error"}
    assert set(get_args(ErrorType)) - known == silent | {"missing_sentinel_error"}


def test_the_faults_of_a_schema_are_told_field_by_field() -> None:
    class Team(pydantic.BaseModel):
        name: str = pydantic.Field(min_length=3)
        size: int = pydantic.Field(gt=0)
        lead: str

    with pytest.raises(pydantic.ValidationError) as caught:
        Team.model_validate({"name": "ab", "size": 0})
    said = explain(caught.value).text
    assert "`name`: String should have at least 3 characters (what came is of type str)." in said
    assert "`size`: Input should be greater than 0 (what came is of type int)." in said
    assert "`lead`: Field required (what came has: name, size). Give it" in said


async def _unasked() -> list[int]:
    return []


async def _iterated() -> None:
    for _ in _unasked():  # type: ignore[attr-defined]
        pass


async def _iterated_with_async_for() -> None:
    async for _ in _unasked():  # type: ignore[attr-defined]
        pass


async def _entered() -> None:
    with _unasked():  # type: ignore[attr-defined]
        pass


async def _entered_with_async_with() -> None:
    async with _unasked():  # type: ignore[attr-defined]
        pass


async def _asked_for_an_attribute() -> None:
    _unasked().all()  # type: ignore[attr-defined]


async def _indexed() -> None:
    _unasked()[0]  # type: ignore[index]


async def _counted() -> None:
    len(_unasked())  # type: ignore[arg-type]


async def _unpacked() -> None:
    _one, _two = _unasked()  # type: ignore[misc]


FORGOTTEN = [
    *(_iterated, _iterated_with_async_for, _entered, _entered_with_async_with),
    *(_asked_for_an_attribute, _indexed, _counted, _unpacked),
]


@pytest.mark.parametrize(
    ("says", "title"),
    [
        (
            "'sqlalchemy.ext.asyncio.session.async_sessionmaker' object does not support the "
            "asynchronous context manager protocol (missed __aexit__ method)",
            "the function itself, behind async with",
        ),
        (
            "An asyncio.Future, a coroutine or an awaitable is required",
            "no coroutine, where one is wanted",
        ),
    ],
)
def test_the_words_of_a_newer_python_lead_to_the_same_entry(says: str, title: str) -> None:
    known = dictionary.entry(TypeError(says), "05")
    assert known is not None
    assert known.title == title


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("forgets", FORGOTTEN, ids=lambda each: each.__name__)
def test_a_forgotten_await_is_told_in_each_of_its_forms(forgets: Any) -> None:
    """Also where the message has the words of another entry, which speaks of other objects."""
    with pytest.raises((TypeError, AttributeError)) as found:
        asyncio.run(forgets())
    known = dictionary.entry(found.value, "05")
    assert known is not None
    assert known.notebook == "00_first_query" or known.title == "async for over a coroutine", known


def test_each_cause_stands_on_a_line_of_its_own() -> None:
    assert _causes(["It sleeps."]) == ["Cause: It sleeps."]
    several = _causes(["It sleeps.", "It is away; nobody knows where."])
    assert several[1:] == ["(1) It sleeps.", "(2) It is away; nobody knows where."]
