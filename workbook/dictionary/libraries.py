"""What the errors of a library say, class by class, where the dictionary has no entry."""

import inspect

from workbook.dictionary.beside import BESIDE

OWN_WORDS: dict[str, dict[str, str]] = BESIDE | {
    "sqlalchemy": {
        "MissingGreenlet": "Something asked the database in a place with no `await`.",
        "DetachedInstanceError": "The object is used without its session: it was closed, or it has"
        " let the object go. What the object has not loaded cannot be read any more.",
        "ResourceClosedError": "A connection, a transaction or a result is used after its end.",
        "PendingRollbackError": "The transaction has failed already; `rollback()` comes first.",
        "UnboundExecutionError": "The session or the statement does not know its engine.",
        "NoSuchTableError": "Reflection found no table of this name; the schema and the database"
        " may be others than you think.",
        "NoReferenceError": "A ForeignKey names a table or a column that this metadata does not"
        " have: models that nobody imported, or a typing error.",
        "CompileError": "SQLAlchemy cannot write this statement as SQL, so nothing was sent. The"
        " message names the part; some parts exist for other databases only.",
        "CircularDependencyError": "Rows or tables refer to each other in a circle, so no order"
        " fits all of them.",
        "NoSuchColumnError": "A row is asked for a column that its query did not select.",
        "ArgumentError": "SQLAlchemy does not take an argument of a model, a relationship, a column"
        " or a query: it is of another kind, or does not go with the others. The message says"
        " which.",
        "NoInspectionAvailable": "`inspect` got an object that it cannot look into.",
        "StaleDataError": "An UPDATE or a DELETE met another number of rows than it was to.",
        "FlushError": "The session cannot write these objects as they are now.",
        "TimeoutError": "The pool had no free connection for as long as one may wait.",
        "InvalidRequestError": "SQLAlchemy refuses this use of a session, a query or a model:"
        " the state that it is in, or a part of it, does not allow it.",
        "SAWarning": "SQLAlchemy warns of something that is allowed and seldom meant, and a filter"
        " made an error of it; the message says what it saw, and often the option that says so.",
        "DBAPIError": "The driver, or the database behind it, refused, and SQLAlchemy passes it on:"
        " the brackets at the beginning of the message name the driver's class, and its words"
        " stand behind them.",
        "StatementError": "SQLAlchemy or the driver could not prepare the statement or its"
        " values; the brackets at the beginning of the message name the error below.",
    },
    "pydantic": {
        "PydanticImportError": "The name has left this version of Pydantic; the message says"
        " where it is now, if anywhere.",
        "PydanticUndefinedAnnotation": "A schema names a type as a text, and the name is not known"
        " where the schema is defined.",
        "PydanticUserError": "A schema is declared or used in a way that this version of Pydantic"
        " does not take. No data are at fault: look at the class, or at the call. The page at"
        " the end of the message explains the case.",
    },
    "pydantic_core": {
        "ValidationError": "Data do not fit a schema of Pydantic: for each fault the message has"
        " the field, what is wrong with it, and the value (`input_value`).",
        "PydanticSerializationError": "A value could not be written as JSON.",
        "SchemaError": "Pydantic cannot use a schema as its types or constraints declare it.",
    },
    "pydantic_settings": {
        "SettingsError": "A setting was found and could not be read as its type; the message names"
        " the field and the source.",
    },
    "fastapi": {
        "RequestValidationError": "The request does not fit what the endpoint declares; FastAPI"
        " answers 422. `loc` says where, `msg` what is wrong.",
        "ResponseValidationError": "What the endpoint returned does not fit its response model:"
        " `loc` says where, `msg` what is wrong. The client gets a 500.",
        "HTTPException": "This is an answer and no fault: FastAPI makes a response with this"
        " status of it, where it is raised within a request.",
        "FastAPIError": "FastAPI cannot work with a path, a parameter or a dependency as it is"
        " declared; the message says which.",
    },
    "starlette": {
        "HTTPException": "This is an answer and no fault: the app makes a response with this"
        " status of it, where it is raised within a request.",
        "WebSocketDisconnect": "The other side closed the WebSocket, which every client does one"
        " day: `except WebSocketDisconnect:` around the loop, take the connection out of your"
        " lists there, and send no more. 1000 and 1001 are an ordinary end, 1006 a lost line.",
        "ClientDisconnect": "The client hung up before its request was read to the end.",
        "MultiPartException": "The body is no form as its header says it is.",
    },
    "httpx": {
        "HTTPStatusError": "The request went through and was answered. Its status is none"
        " of success, and `raise_for_status` made an error of it: 3xx leads to another address"
        " (`follow_redirects=True`), 4xx says what is wrong with the request, 5xx that the server"
        " failed. Read `error.response.text`.",
        "PoolTimeout": "All connections of the client were busy for longer than its `timeout`:"
        " larger `httpx.Limits`, fewer requests at once, or streams that nobody closed.",
        "ConnectTimeout": "No connection to the host and port came about within the client's"
        " `timeout`: another host, or a firewall that says nothing.",
        "TimeoutException": "The answer did not come within the client's `timeout`, which is five"
        " seconds unless you say another.",
        "ConnectError": "The client could not connect to the host and port of the URL, or could not"
        " agree with them on TLS; the message says what was in the way.",
        "UnsupportedProtocol": "The URL has no `http://` or `https://` that httpx could use.",
        "LocalProtocolError": "The request of this side is none that HTTP allows, such as by one"
        " of its headers or by the length of its body. The fault is in what was to be sent.",
        "RemoteProtocolError": "The server hung up before its answer was complete, or what it sent"
        " is no HTTP.",
        "ProxyError": "The proxy between did not let the request through.",
        "NetworkError": "The connection broke while the request or the answer was on its way.",
        "TransportError": "The request got no answer; the message says why.",
        "TooManyRedirects": "Answers lead from one address to the next, too often.",
        "DecodingError": "The body of the answer is not compressed as its header says.",
        "InvalidURL": "The text is no URL.",
        "StreamError": "The body is read after its end, twice, or before it is there.",
    },
    "h11": {
        "LocalProtocolError": "This side was about to send what HTTP does not allow, such as a body"
        " of another length than its `Content-Length`.",
        "RemoteProtocolError": "What the other side sent is no HTTP.",
    },
    "anyio": {
        "ClosedResourceError": "A stream is used that this side has closed.",
        "BrokenResourceError": "The other side of a stream is gone.",
        "EndOfStream": "The other side of a stream has closed it, and nothing more comes.",
        "WouldBlock": "An operation that must not wait would have to.",
    },
    "docker": {
        "BuildError": "An image could not be built; `error.build_log` has what its steps printed.",
        "ContainerError": "The container ended with a status that is not 0; its log says why.",
        "ImageNotFound": "The engine has no image of this name and tag.",
        "NotFound": "The engine answered that there is no such container, network or image.",
        "APIError": "The engine answered and refused; the text behind the status says why.",
        "DockerException": "Docker's client could not reach its engine, or use what it was given.",
    },
    "testcontainers": {
        "ContainerStartException": "The container could not be started, or was not ready in time;"
        " its log says more.",
    },
    "alembic": {
        "CommandError": "Alembic cannot do what was asked; the message says what is in the way.",
    },
    "uvicorn": {
        "ImportFromStringError": "uvicorn cannot find the app under the `module:name` that it was"
        " given.",
    },
    "asyncpg": {
        "InterfaceError": "asyncpg refuses this use of a connection, a pool or a statement.",
        "InternalClientError": "asyncpg itself stumbled, over its connection or over a type.",
    },
    "_pytest": {
        "FixtureLookupError": "A test or a fixture asks for a fixture that it cannot see.",
        "ConftestImportFailure": "`conftest.py` could not be imported; the error below says why:"
        " a module that is not found from the folder of the run, or an error in the file itself.",
        "PytestUnraisableExceptionWarning": "Something failed where nobody could catch it, when an"
        " object was thrown away: a coroutine that nobody awaited, a connection or a loop that"
        " nobody closed. The text behind has the error.",
        "PytestUnhandledThreadExceptionWarning": "A thread ended with an error, and the test did"
        " not hear of it; the text behind has the error.",
        "PytestReturnNotNoneWarning": "A test returns something: `assert` was meant.",
        "PytestCollectionWarning": "A class whose name begins with `Test` cannot be collected: it"
        " has an `__init__`, or is no class of tests (`__test__ = False`).",
        "PytestRemovedIn10Warning": "pytest is going to refuse this; the message names what to do.",
        "UsageError": "pytest does not take this option, path or line of its configuration.",
    },
}
"""By the library's name and the class, or one above it; the narrower first."""


def of_library(kind: type[BaseException]) -> str:
    """What errors of this class say, in words of ours; else whose class it is, and what its
    library says of it.
    """
    library = kind.__module__.partition(".")[0]
    known = OWN_WORDS.get(library, {})
    named = next((known[each.__name__] for each in kind.__mro__ if each.__name__ in known), "")
    return named or _documented(kind, library)


def _documented(kind: type[BaseException], library: str) -> str:
    text = inspect.cleandoc(kind.__dict__.get("__doc__") or "").partition("\n\n")[0]
    said = f", which says of it: {' '.join(text.split())}" if text else "."
    return f"`{library}` raises `{kind.__name__}`{said}"
