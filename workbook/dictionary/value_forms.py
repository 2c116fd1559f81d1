"""What Python's messages about values, syntax and running code mean, form by form."""

import re

SHELL = re.compile(
    r"[!$%]?\s*(?:pip|uv|docker|alembic|uvicorn|pytest|psql|git|curl|cd|export)\s(?!\s*[=(])"
)
SQL = re.compile(r"(?i)(?:select|insert into|update \w+ set|delete from|create|alter|drop)\s")
VALUES: list[tuple[str, str]] = [
    (
        r"(?:list|tuple|string|Index) (?:assignment )?index out of range|pop from (?:an )?empty",
        "There are fewer elements than the index wants, perhaps none: a query that found nothing,"
        " a split text without the mark, or counting from 1. Ask `if rows:` before `rows[0]`.",
    ),
    (
        r"arg is an empty sequence|iterable argument is empty|from an empty (?:seq|pop)",
        "There is nothing to choose from: the list is empty. `max(values, default=None)`.",
    ),
    (r"is not in list|x not in list|substring not found", "It is not there; ask with `in` before."),
    (
        r"mutable default <class '(\w+)'>",
        "A list or a dictionary as the default would be shared by all objects: of a dataclass"
        " `field(default_factory={1})`.",
    ),
    (
        r"non-default argument '(\w+)' follows default argument",
        "The field `{1}` has no default and stands behind one that has: put it before, give it a"
        " default too, or `@dataclass(kw_only=True)`. Fields of a parent come first.",
    ),
    (
        r"keys must be str, int, float, bool or None, not (\w+)",
        "A dictionary that is to become JSON has a key of type `{1}`: texts, `str(key)`.",
    ),
    (r"Circular reference detected", "JSON has no way to write what contains itself."),
    (
        r"unconverted data remains",
        "The text goes on where the format ends: `datetime.fromisoformat(text)` reads ISO 8601.",
    ),
    (
        r"(?:day|year -?\d+) is out of range|(?:month|hour|minute|second) must be in",
        "There is no such day or time: day and month changed places, or a number was calculated;"
        " `timedelta` counts over the end of a month.",
    ),
    (
        r"source code (?:string )?cannot contain null bytes",
        "The file was saved as UTF-16, as the shell of Windows does with `>`, or is damaged: save"
        " it as UTF-8.",
    ),
    (
        r"name '__file__' is not defined",
        "A notebook and the prompt run no file, so there is no `__file__`: `Path.cwd()` is the"
        " folder in which they work.",
    ),
    (
        r"option values must be strings",
        "A value of a configuration is a text, also for Alembic's `set_main_option`: `str(url)`,"
        " with each `%` doubled.",
    ),
    (
        r"Logger\._log\(\) got an unexpected keyword argument '(\w+)'",
        "Python's logging takes values of yours in `extra={{'{1}': …}}`, or in the message,"
        ' `logger.info("… %s", value)`; `{1}=` is how structlog is called.',
    ),
    (
        r"name '(null|true|false)' is not defined",
        "`{1}` is JSON's word; Python's are None, True and False. JSON as a text goes through"
        " `json.loads`.",
    ),
    (
        r"cannot access local variable '(\w+)'|local variable '(\w+)' referenced before",
        "The function gives the variable a value somewhere, so it is its own there, and this line"
        " comes before, or the branch that does it did not run (an `except`, an `if`). Give it a"
        " value first, or another name.",
    ),
    (
        r"coroutine '([\w.<>]+)' was never awaited",
        "`{1}` was called and not awaited, so nothing of it has run: put `await` before the call.",
    ),
    (
        r"asynchronous generator is already running",
        "Two tasks ask one async generator at the same time, or it is closed while one waits for"
        " it: each task takes a stream of its own.",
    ),
    (
        r"cannot enter context: .* is already entered",
        "Two loops or tasks run in each other, as `nest_asyncio` makes them: `await` the call in"
        " the place of `asyncio.run`, and take `nest_asyncio` away.",
    ),
    (
        r"cannot schedule new futures after",
        "A thread or a task goes on after the program, or its pool of threads, has ended: wait for"
        " it before the end.",
    ),
    (r"can't start new thread", "The system gives this process no more threads."),
    (
        r"Task got bad yield: <coroutine",
        "A generator was handed over where a call was wanted: `gather` takes the calls one by one,"
        " with a star before the brackets, `await asyncio.gather(*(load(n) for n in ids))`.",
    ),
    (
        r"await wasn't used with future|Task got bad yield",
        "A future of another kind, or of another loop, is awaited in a task of asyncio's.",
    ),
    (
        r"Event loop stopped before Future completed",
        "The loop was stopped while a call still ran, such as by `loop.stop()` or a signal.",
    ),
    (
        r"mutated during iteration",
        "A loop goes over what it adds to or removes from: loop over a copy, `list(values)`.",
    ),
    (
        r"catching classes that do not inherit from BaseException",
        "`except` takes a class of errors, or a tuple of them: `except (ValueError, KeyError):`.",
    ),
    (
        r"descriptor '(\w+)' for '([\w.]+)' objects doesn't apply to|unbound method ([\w.]+)",
        "A method was called on its class with something else as the object.",
    ),
    (
        r"must be real number, not (\w+)",
        "A number is wanted, and a `{1}` came: `float(text)`.",
    ),
    (
        r"was never closed|unterminated (?:triple-quoted )?(?:f-)?string|unexpected EOF",
        "A bracket or a quote was opened and never closed: the line that is named is where it"
        " began.",
    ),
    (
        r"expected an indented block|unexpected indent|unindent does not match|use of tabs",
        "Python reads blocks by their indentation: four blanks for each step, no tabs, and at least"
        " one line (`pass`) behind a colon.",
    ),
    (
        r"positional argument follows keyword argument",
        "In a call, values without a name come before `name=value`.",
    ),
    (
        r"invalid character|invalid non-printable character",
        "A letter came along from a page or a document that only looks like one of Python's: a"
        " quote, a dash or a blank. Type it anew.",
    ),
    (r"'(return|yield)' outside function", "`{1}` stands outside of a `def`: look at the indents."),
    (
        r"cannot assign to|Maybe you meant '=='",
        "One `=` gives a name a value; two, `==`, compare.",
    ),
]
"""A part of the message, as an expression, and the words: a part of `forms.FORMS`."""


def of_line(text: str) -> str:
    """What a line that Python cannot read is, where it is none of Python's; or ""."""
    if SHELL.match(text.lstrip()):
        return (
            "The line is a command of the shell: it goes into a terminal; in a notebook"
            " `%pip install …`, or `!` before the others."
        )
    if SQL.match(text.lstrip()):
        return "The line is SQL: in Python it is a text, which a connection sends."
    return ""
