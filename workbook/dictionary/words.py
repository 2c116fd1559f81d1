"""What kind of error it is, in words, where the dictionary has no entry for it."""

import asyncio

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
    "22": "a value is not one of its type: too long, too large, or written in another form",
    "23": "a constraint refuses the row: NOT NULL, UNIQUE, CHECK or a foreign key",
    "24": "a cursor is not in the state that this needs",
    "25": "the transaction is not in the state for this: failed, read-only, or idle too long",
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
    "42": "the statement is not right: its syntax, a name, a type, or a privilege",
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
    ImportError: "A module is there, and what is wanted of it is not: another version, or two"
    " modules that import each other.",
    SyntaxError: "Python cannot read this: look at the line, and at the end of the line before it.",
    AttributeError: "The object has no attribute of this name: it is of another class than you"
    " think, or None.",
    KeyError: "A dictionary has no such key.",
    IndexError: "A sequence is shorter than the index wants.",
    UnicodeError: "Bytes are read as text of another encoding than theirs.",
    TypeError: "A value of this type cannot be used so: other arguments, or an operation that the"
    " type does not have.",
    ZeroDivisionError: "Something was divided by zero.",
    ValueError: "A value is of the right type, and not one that is allowed here.",
    RecursionError: "A function calls itself without end.",
    NotImplementedError: "A method is called that its class leaves to others.",
    AssertionError: "An `assert` did not hold.",
    StopAsyncIteration: "An iterator has nothing more to give.",
    StopIteration: "An iterator has nothing more to give.",
    TimeoutError: "Something took longer than a limit allows.",
    asyncio.CancelledError: "A task was cancelled while it waited.",
    FileNotFoundError: "There is no file or folder of this path.",
    PermissionError: "The system does not allow this.",
    ConnectionError: "A connection to another program could not be made, or broke.",
    OSError: "The operating system refused: a file, an address, or a resource.",
    MemoryError: "There is not enough memory for this.",
    BaseExceptionGroup: "Several tasks failed at once; each of the errors in the group is one.",
}
"""What Python's own errors say; the narrower class before the wider one."""
NO_CLASS = "Python has no narrower class for this error; its message says what is wrong."
"""For `RuntimeError`, `Exception` and their like."""

LIBRARIES = {
    "sqlalchemy": "SQLAlchemy itself says this; PostgreSQL has reported no error.",
    "asyncpg": "The driver asyncpg refuses this by itself, before or after the server answered.",
    "alembic": "Alembic cannot do what was asked; its message says what is in the way.",
    "pydantic": "Data do not fit a model of Pydantic: the message has a line for each field.",
    "pydantic_core": "Data do not fit a model of Pydantic: the message has a line for each field.",
    "fastapi": "FastAPI refuses what came in, what goes out, or how a path is declared.",
    "starlette": "Starlette, the layer below FastAPI, refuses this.",
    "httpx": "The HTTP client could not send the request, or got no answer that it can use.",
    "docker": "Docker's client could not reach its engine, or the engine refused.",
    "testcontainers": "Testcontainers could not start the container, or it was not ready in time.",
}
"""What the errors of a library have in common, by its module."""


def of_class(sqlstate: str) -> str:
    """What the class of a SQLSTATE says, as a sentence; empty where it is none that we know."""
    words = CLASSES.get(sqlstate[:2], "")
    return f"All SQLSTATEs that begin with {sqlstate[:2]} say: {words}." if words else ""


def of_kind(error: BaseException) -> str:
    """What kind of error it is, as a sentence."""
    library = type(error).__module__.partition(".")[0]
    if library in LIBRARIES:
        return LIBRARIES[library]
    own = f"{type(error).__name__} is a class of {library}; its message says what is wrong."
    last = NO_CLASS if library == "builtins" else own
    return next((words for kind, words in KINDS.items() if isinstance(error, kind)), last)
