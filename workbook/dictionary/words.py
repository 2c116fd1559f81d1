"""What kind of error it is, in words, where the dictionary has no entry for it."""

import json

from workbook.base.causes import members, raised_from
from workbook.dictionary import forms, libpq, nearest, system, value_forms
from workbook.dictionary.conditions import CONDITIONS
from workbook.dictionary.evidence import message
from workbook.dictionary.libraries import OWN_WORDS, of_library

CLASSES = {
    "01": "it is a warning, and the statement was done",
    "02": "a statement found nothing, where something was wanted",
    "03": "an SQL statement is not complete yet",
    "08": "the connection to the server could not be made, or was lost",
    "09": "an action of a trigger failed",
    "0A": "PostgreSQL does not do this, or not in this place",
    "0B": "a transaction could not be begun in this way",
    "0F": "a large object is not to be used so",
    "0L": "this role may not grant that",
    "0P": "the role cannot be taken",
    "0Z": "a diagnostic was asked for outside of its handler",
    "10": "an XQuery got a wrong argument",
    "20": "a CASE in PL/pgSQL fits none of its branches",
    "21": "a query gave more rows than may stand there",
    "22": "a value is refused where it stands: its size, its form, or what it is asked for",
    "23": "a constraint refuses the row: NOT NULL, UNIQUE, CHECK or a foreign key",
    "24": "a cursor is not in the state that this needs",
    "25": "the transaction is not in the state for this: failed, read-only, idle too long, or none",
    "26": "the prepared statement of this name does not exist on this connection",
    "27": "a trigger changed a row that the statement changes too",
    "28": "the server did not let this role in: who it is, its password, or pg_hba.conf",
    "2B": "other objects still depend on this one",
    "2D": "the transaction cannot be ended here",
    "2F": "a function of SQL did what its declaration forbids",
    "34": "there is no cursor of this name",
    "38": "a function outside of SQL failed",
    "39": "a function outside of SQL was called in a wrong way",
    "3B": "there is no savepoint of this name in this transaction",
    "3D": "there is no database of this name",
    "3F": "there is no schema of this name",
    "40": "the transaction was undone because of others at the same time; doing it again is right",
    "42": "the statement is refused as it stands: its syntax, a name, a type, a privilege",
    "44": "a row does not fit the WITH CHECK OPTION of its view",
    "53": "the server has run out of something: connections, memory or disk",
    "54": "the statement is over a limit of PostgreSQL: too complex, too many columns or arguments",
    "55": "the object is not in the state that this needs, or somebody else holds it",
    "57": "somebody or something stopped it: an operator, a timeout, or a shutdown of the server",
    "58": "the system below PostgreSQL failed: a file or a disk",
    "72": "the transaction's view of the data is too old",
    "F0": "a configuration file of the server is not right",
    "HV": "a foreign data wrapper failed",
    "P0": "PL/pgSQL raised it: a RAISE in a function, or a row that was wanted and missing",
    "XX": "PostgreSQL found a fault inside itself, or in its files",
}
"""The classes of SQLSTATE: its first two characters, and what all errors of the class share."""

KINDS: dict[type[BaseException], str] = {
    UnboundLocalError: "A name of this function is read before a line has given it a value.",
    NameError: "A name is read that nobody has made here: a cell that did not run, or a typing"
    " error.",
    ModuleNotFoundError: "Python finds no module of this name: it is not installed, or not on the"
    " path.",
    ImportError: "What was to be imported, or a part that it needs, is not there; the message says"
    " what: another package, another version of one, or a file.",
    SyntaxError: "Python cannot read this: look at the line, and at the end of the line before it.",
    AttributeError: "The object has no attribute of this name. The message names its class: it is"
    " another one than you think, or a mixin, another version or a typing error is the reason.",
    KeyError: "A dictionary, a row or the environment has no such key; the message is the key."
    " `dict(value)` or `value.keys()` shows which there are.",
    IndexError: "A sequence is shorter than the index wants.",
    UnicodeError: "Bytes are read as text of another encoding than theirs.",
    TypeError: "A call has other arguments than its function takes, or a value is of a type that"
    " cannot do what is asked of it; the message names both.",
    ZeroDivisionError: "Something was divided by zero.",
    json.JSONDecodeError: "The text is no JSON: look at it before you read it as such. `line 1"
    " column 1 (char 0)` means that it is empty, or something else from its beginning.",
    ValueError: "A value is of the right type, and what was called cannot take it.",
    RecursionError: "A function calls itself without end.",
    NotImplementedError: "What was called is not there for this object: its library leaves it out,"
    " and the message, if there is one, says what to take; or a class leaves it to its subclasses.",
    AssertionError: "Something that was taken for granted does not hold: an `assert` of a test, or"
    " of a library, whose message then says what it wants.",
    StopAsyncIteration: "An iterator has nothing more to give.",
    StopIteration: "An iterator has nothing more to give.",
    TimeoutError: "Something was waited for, as long as a limit allows; the frames say for what."
    " Slow is one reason; another is that it never comes, such as a connection that the same task"
    " holds.",
    FileNotFoundError: "There is no file or folder of this path.",
    PermissionError: "The system does not allow this.",
    ConnectionError: "A connection to another program could not be made, or broke.",
    OSError: "The operating system refused: a file, an address, or a resource.",
    OverflowError: "A number is larger than its place can hold.",
    SystemExit: "The program ended itself; what it printed before says why. uvicorn does so where"
    " the app cannot start, where its port is taken, and where `reload` or `workers` stand beside"
    ' an app that is no text: `uvicorn.run("app.main:app", reload=True)`.',
    KeyboardInterrupt: "You stopped it, or the kernel was interrupted: the line is where it was at"
    " that moment.",
    EOFError: "Something was to be read, `input()` perhaps, and there is nothing more to come.",
    Warning: "A warning was made an error, by `-W error` or `filterwarnings`: the message says what"
    " is going to change, or what is suspect.",
    MemoryError: "There is not enough memory for this.",
    BaseExceptionGroup: "Several tasks failed at once; each of the errors in the group is one.",
}
"""What Python's own errors say; the narrower class before the wider one."""
OWN = {
    "Failed": "pytest ends the test with this, before its first line or by `pytest.fail`.",
}
"""Classes that libraries name as if they were Python's."""
GENERAL = (
    "The class says nothing narrower, so the message and the place where it was raised are all"
    " there is."
)
"""For `RuntimeError`, `Exception` and their like."""


def of_sqlstate(code: str) -> str:
    """What this condition means, else what all of its class say; empty where we know neither."""
    if code in CONDITIONS:
        return CONDITIONS[code]
    words = CLASSES.get(code[:2], "")
    return f"All SQLSTATEs that begin with {code[:2]} say: {words}." if words else ""


def of_kind(error: BaseException) -> str:
    """What kind of error it is, as sentences: of the driver's, where SQLAlchemy wraps that."""
    telling = _telling(error)
    kind = type(telling)
    library = kind.__module__.partition(".")[0]
    if library in OWN_WORDS:
        return of_library(kind)
    if library == "builtins" and kind.__name__ in OWN:
        return OWN[kind.__name__]
    return f"{_of_python(telling, library)} {nearest.names(telling)}".strip()


def of_form(error: BaseException) -> str:
    """What the form of Python's message means, and names that are near; empty where unknown."""
    telling = _telling(error)
    if type(telling).__module__ != "builtins":
        return ""
    return f"{forms.of_message(message(telling))} {nearest.names(telling)}".strip()


def _of_python(error: BaseException, library: str) -> str:
    """What the form of the message means, else the narrowest class that has words."""
    if library == "builtins" and (said := forms.of_message(message(error))):
        return said
    if isinstance(error, SyntaxError) and (said := value_forms.of_line(error.text or "")):
        return said
    if isinstance(error, OSError) and (said := system.of_number(error)):
        return said
    last = GENERAL if library == "builtins" else of_library(type(error))
    return next((words for each, words in KINDS.items() if isinstance(error, each)), last)


def _telling(error: BaseException) -> BaseException:
    below = list(raised_from(error))
    if len({type(each) for each in members(error)}) > 1:
        return error
    if isinstance(below[0], BaseExceptionGroup):
        below = [each for each in below if not isinstance(each, BaseExceptionGroup)] or below
    drivers = [each for each in below if libpq.is_drivers(each)]
    wrapped = type(below[0]).__module__.startswith("sqlalchemy")
    return drivers[-1] if drivers and wrapped else below[0]
