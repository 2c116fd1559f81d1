"""What the errors of libraries say that often stand beside this stack: tokens and passwords,
templates, other drivers and clients, and parts of Python's library that have classes of their own.
"""

NO_TOKEN = (
    "The text is no token: three parts with a dot between them. It is empty, `null`, was cut,"
)
NO_TOKEN += " or has `Bearer ` before it. Answer 401."
EXPIRED = "The token's `exp` lies in the past. Catch it and answer 401, so that the client logs in"
EXPIRED += (
    " again; when a token is made, `datetime.now(UTC) + timedelta(…)` says how long it is good."
)
SIGNATURE = (
    "The token was signed with another key or algorithm, or was changed: the same key on both"
)
SIGNATURE += " sides, without a blank or a line break. Answer 401."
CLAIMS = (
    "A claim of the token is not what `decode` was told to expect, such as its audience or issuer."
)
BESIDE: dict[str, dict[str, str]] = {
    "jwt": {
        "ExpiredSignatureError": EXPIRED,
        "InvalidSignatureError": SIGNATURE,
        "InvalidSubjectError": "`sub` of a token has to be a text. Make it one when you make the"
        ' token, `{"sub": str(user.id)}`, and read it with `int(payload["sub"])`.',
        "ImmatureSignatureError": "The token is not good yet (`nbf` or `iat`): the clocks of two"
        " machines differ, or a time without a zone was written. `datetime.now(UTC)`; `leeway=10`.",
        "InvalidAudienceError": "The token's `aud` is not the `audience=` that `decode` was given,"
        " or it was given none: both need the same text.",
        "InvalidIssuerError": "The token's `iss` is not the `issuer=` that `decode` was given.",
        "MissingRequiredClaimError": "The token lacks a claim that `decode` wants, or that belongs"
        " to what it was told (`audience=`).",
        "InvalidAlgorithmError": "The token names an algorithm that `algorithms=[…]` does not"
        " allow: the one that `encode` used, in a list.",
        "InvalidKeyError": "The key does not fit the algorithm: a text for HS256, a PEM for RS256.",
        "DecodeError": NO_TOKEN,
        "PyJWKClientError": "The keys of the issuer could not be fetched, or have none of this id.",
        "InvalidTokenError": f"{CLAIMS} Answer 401.",
    },
    "jose": {
        "ExpiredSignatureError": EXPIRED,
        "JWTClaimsError": f"{CLAIMS} `sub` has to be a text: `str(user.id)`.",
        "JWTError": f"The token cannot be read, or its signature is another one. {NO_TOKEN}"
        f" {SIGNATURE}",
        "JWSError": f"{NO_TOKEN} {SIGNATURE}",
        "JWKError": "The key does not fit the algorithm: a text for HS256, a PEM for RS256.",
    },
    "passlib": {
        "MissingBackendError": "passlib only calls the package that hashes, and it is not"
        " installed: `pip install bcrypt` or `argon2-cffi`.",
        "UnknownHashError": "What is stored is no hash that this context knows.",
        "PasswordSizeError": "The password is longer than passlib takes: refuse it before.",
    },
    "argon2": {
        "VerifyMismatchError": "The password is another one than the hash was made of. `verify`"
        " says so by this error and gives no False: catch it, and answer 401.",
        "InvalidHashError": "What is stored is no hash of argon2's: a plain text, or bcrypt's.",
        "VerificationError": "The password could not be compared with the hash.",
    },
    "jinja2": {
        "UndefinedError": "The template uses a name, or a part of one, that it was not given: put"
        " it into `context`, or write `{{ name or '' }}`, `{% if name is defined %}`.",
        "TemplateSyntaxError": "The template cannot be read: look at the line that the message"
        " names, for a `{% … %}` without its end.",
        "TemplateNotFound": "There is no template of this name in the folder of `Jinja2Templates`.",
    },
    "websockets": {
        "ConnectionClosedOK": "The other side closed the WebSocket in order: end the loop.",
        "ConnectionClosedError": "The WebSocket broke without a word: the other side ended, or a"
        " proxy between closed it. Connect again.",
        "ConnectionClosed": "The WebSocket is closed: end the loop, or connect again.",
        "InvalidStatus": "The server answered with a plain status. 403: FastAPI refused it before"
        " `accept()`, or has no such path; 404: none for WebSockets; 502: the proxy.",
        "InvalidStatusCode": "The server answered with a plain status. 403: FastAPI refused it"
        " before `accept()`, or has no such path; 404: none for WebSockets; 502: the proxy.",
        "InvalidURI": "The URL of a WebSocket begins with `ws://` or `wss://`.",
    },
    "IPython": {
        "UsageError": "A magic (`%name`) does not take this, or there is none of its name: `%name?`"
        " shows what it takes, and `%load_ext` loads those of a package.",
        "StdinNotImplementedError": "A program that asks for input runs where nobody can type it.",
    },
    "asyncio": {
        "CancelledError": "A task was cancelled while it waited. What cancels is a time limit"
        " around it, the failure of another task of its group, `task.cancel()`, or the end of the"
        " program (`Ctrl+C`). The waiting line is not at fault; who catches it raises it again.",
        "InvalidStateError": "A future or a task got a result twice, or is asked for one that it"
        " does not have yet. `await` it; before `set_result`, ask `done()`.",
        "QueueEmpty": "`get_nowait` found nothing: `await queue.get()` waits for something.",
        "QueueFull": "`put_nowait` found no room: `await queue.put(…)` waits for some.",
        "QueueShutDown": "The queue was shut down, and nothing more goes through it.",
        "IncompleteReadError": "The other side closed before all was there that was to be read.",
        "LimitOverrunError": "A line is longer than the reader's `limit`.",
        "BrokenBarrierError": "A barrier was reset or aborted while tasks waited at it.",
    },
    "concurrent": {
        "BrokenProcessPool": "A process of the pool ended by itself: too little memory, a crash, or"
        ' a file that starts processes without `if __name__ == "__main__":`.',
        "CancelledError": "A call that was given to threads or processes was cancelled.",
        "InvalidStateError": "A future got a result twice.",
    },
    "psycopg": {
        "OperationalError": "psycopg could not connect, or lost the connection; the server's or the"
        " network's words stand in the message.",
        "InterfaceError": "psycopg refuses this use of a connection or a cursor: it is closed, on"
        " Windows, its event loop is another one (`WindowsSelectorEventLoopPolicy`).",
        "ProgrammingError": "psycopg or the server refuses this statement or its values.",
        "Error": "The driver psycopg or the server says this; the message has its words.",
    },
    "psycopg2": {
        "OperationalError": "psycopg2 could not connect, or lost the connection; the server's or"
        " the network's words stand in the message.",
        "InterfaceError": "The connection or the cursor is closed: open another one.",
        "ProgrammingError": "psycopg2 or the server refuses this statement, or a value has a type"
        " that it cannot adapt: a dictionary goes as `Json(…)`, an object of numpy as `float(…)`.",
        "Error": "The driver psycopg2 or the server says this; the message has its words.",
    },
    "redis": {
        "ConnectionError": "Nobody answers at the address of Redis: in Compose the host is the name"
        " of the service, `redis`, and not `localhost`.",
        "AuthenticationError": "Redis wants a password, or another one.",
        "ResponseError": "Redis refuses the command; its words stand in the message.",
        "DataError": "Redis takes texts, bytes and numbers: `json.dumps(…)` of anything else.",
        "TimeoutError": "Redis did not answer in time.",
    },
    "itsdangerous": {
        "SignatureExpired": "The signed text is older than `max_age`.",
        "BadSignature": "The text was signed with another key, or was changed.",
    },
    "cryptography": {
        "InvalidToken": "The text was made with another key, was changed, or is older than `ttl`.",
    },
    "email_validator": {
        "EmailNotValidError": "The text is no address of e-mail, or its domain takes none.",
    },
    "configparser": {
        "NoSectionError": "The file has no such section, or was not found: `read` says nothing of a"
        " file that is not there. `alembic.ini` is looked for in the folder of the command.",
        "NoOptionError": "The section has no such line.",
        "MissingSectionHeaderError": "The file begins with a line before its first `[section]`, or"
        " with a mark that an editor put there (save it as UTF-8 without BOM).",
        "DuplicateOptionError": "A line stands twice in one section.",
        "DuplicateSectionError": "A section stands twice in the file.",
        "InterpolationError": "A `%` in the value is taken for a reference: double it, `%%`.",
        "ParsingError": "A line of the file is none of the form `name = value`.",
    },
    "tomllib": {
        "TOMLDecodeError": "The file, often `pyproject.toml`, is no TOML: texts want quotes, and a"
        " table stands once. The message has the line.",
    },
    "binascii": {
        "Error": "The text is no base64, or no hex: letters were cut off at its end, or it is"
        " `urlsafe` (`-` and `_`), which `urlsafe_b64decode` reads.",
    },
    "smtplib": {
        "SMTPAuthenticationError": "The mail server refuses this user or password; many want one"
        " that was made for programs.",
        "SMTPException": "The mail server refuses this; its words stand in the message.",
    },
    "ssl": {
        "SSLCertVerificationError": "The certificate of the other side is not trusted here.",
        "SSLError": "The two sides could not agree on TLS: one speaks it and the other does not,"
        " as with `https` to a port of `http`; or the certificate does not hold.",
    },
    "zoneinfo": {
        "ZoneInfoNotFoundError": "There is no time zone of this name here: `pip install tzdata`.",
    },
}
"""By the library's name and the class, or one above it."""
