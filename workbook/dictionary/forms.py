"""What Python's own messages mean, form by form, and what is usually behind them in this stack."""

import re

from workbook.dictionary.attribute_forms import ATTRIBUTES
from workbook.dictionary.import_forms import IMPORTS
from workbook.dictionary.value_forms import VALUES

NONE = "A value is None where something else was expected: a query that found nothing, a variable"
NONE += " of the environment that is not set, or a function without `return`."
FORMS: list[tuple[str, str]] = [
    *VALUES,
    (
        r"missing \d+ required positional arguments?: .*'self'",
        "The method was called on its class, and not on an object: brackets are missing behind the"
        " class, `Service().load(…)`.",
    ),
    (
        r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)",
        "The call does not give {1}. Give it by its name. What FastAPI (notebook 05) or pytest (08)"
        " fills in, for `Depends` or a fixture, it fills in only where it makes the call itself."
        " Where a library makes it, two packages do not fit each other.",
    ),
    (
        r"takes (.+) positional arguments? but (\d+) (?:was|were) given",
        "The call gives more values by position than the function takes ({1}; a method's object"
        " counts as one). Its `def` lacks `self`, or what stands behind a `*` in it, as do the"
        " fields of a schema, is given by name: `f(name=value)`.",
    ),
    (r"\w+\(\) takes no arguments", "The class has no `__init__` that takes values."),
    (
        r"got multiple values for (?:keyword )?argument '(\w+)'",
        "`{1}` is given twice: by position and by name, or by name and in a `**dictionary`. Leave"
        " it out of the dictionary: `model_dump(exclude={{'{1}'}})`.",
    ),
    (
        r"(?:([\w.<>]+)\(\) )?got an unexpected keyword argument '(\w+)'",
        "`{1}` does not take `{2}=`: the name is mistyped, it is of another version or"
        " another library, or it belongs to another call.",
    ),
    (
        r"for \|: '(?:type|str|\w*(?:Alias|Meta\w*))' and '(?:NoneType|type|\w*Alias)'",
        "`|` between types: a class in quotes takes no `|`, so put quotes around all of it,"
        ' `"Team | None"`; a Python before 3.10 has none for types (`Optional[Team]`).',
    ),
    (r"'NoneType' object|(?:and|not|of|for [^:]+:) '?NoneType'?", NONE),
    (
        r"'module' object is not callable",
        "A module was called. What you want is in it and has the same name, perhaps:"
        " `from datetime import datetime`.",
    ),
    (
        r"'(\w+)' object is not callable",
        "Brackets stand behind a value (`{1}`) that is no function: a variable has taken the name"
        " of a function, a property was called, or a comma is missing before the bracket.",
    ),
    (
        r"'(?:method|function|builtin_function_or_method|type)' object is not (?:subscr|iter)",
        "The function itself, or a class, stands where its result is meant: call it, `f()`.",
    ),
    (
        r"'(\w+)' object is not subscriptable",
        "Brackets with a key stand behind a `{1}`, which has none. An object of the ORM or of"
        " Pydantic is read with a dot, `user.name`.",
    ),
    (
        r"argument of type '(\w+)' is not (?:iterable|a container)",
        "The right side of `in` is a `{1}`, in which nothing can be looked for.",
    ),
    (
        r"'(\w+)' object is not iterable",
        "A loop, `list(…)`, `dict(…)` or an unpacking got one `{1}`, no list of things: brackets"
        " around it, `[value]`, the result of a query that lacks `.all()`, or the list within it.",
    ),
    (r"'(\w+)' object is not an iterator", "`next` got a `{1}`: `next(iter(values))`."),
    (
        r"unhashable type: '(\w+)'",
        "A `{1}` stands where a key is needed: of a dictionary, in a set, for `unique()`, or as an"
        " argument of a function with `lru_cache`. Two brackets `{{{{…}}}}` make a set of a"
        " dictionary. A tuple, or the id of the object, can be a key.",
    ),
    (
        r"for [^:]+: '(?:decimal\.)?Decimal' and 'float'|'float' and '(?:decimal\.)?Decimal'",
        "A `Decimal`, as a `Numeric` column gives it, and a float are not calculated with each"
        ' other: `Decimal("0.5")` for the float.',
    ),
    (
        r"unsupported operand type\(s\) for ([^:]+): '([\w.]+)' and '([\w.]+)'",
        "`{1}` is not defined between a `{2}` and a `{3}`: convert one of them. What comes from a"
        " path, a form or the environment is a text until something converts it.",
    ),
    (
        r"'(.+)' not supported between instances of '([\w.]+)' and '([\w.]+)'",
        "`{1}` does not compare a `{2}` with a `{3}`: convert one of them. A sort takes `key=`.",
    ),
    (
        r"can only concatenate (\w+)|must be str, not|expected str instance, \w+ found",
        "A text and something else are put together: `str(value)`, or an f-string.",
    ),
    (
        r"cannot unpack non-iterable (\w+) object",
        "Several names stand left of the `=`, or behind `for`, and right of it is one `{1}`."
        " `scalars()` gives objects, `execute()` gives rows.",
    ),
    (
        r"(?:not enough|too many) values to unpack",
        "Another number of names stands left of the `=`, or behind `for`, than values came. A row"
        " has a value for each thing that was selected; a dictionary gives its keys, and"
        " `.items()` pairs.",
    ),
    (
        r"name '(\w+)' is not defined",
        "Nothing of the name `{1}` was made or imported here, before this line: an import is"
        " missing, a cell did not run, or the name is mistyped.",
    ),
    (
        r"(?:module 'datetime' has|'datetime\.datetime' has|'method_descriptor' object has)",
        "The module `datetime` and the class `datetime` in it have one name: after `import"
        " datetime` it is `datetime.datetime.now()`, after `from datetime import datetime` it is"
        " `datetime.now()`.",
    ),
    (
        r"the JSON object must be str",
        "`json.loads` reads a text, and got something else: it was read already, perhaps.",
    ),
    (r"str expected, not", "The environment holds texts only: `str(value)`."),
    (r"exceptions must derive from", '`raise` takes an exception, `raise ValueError("…")`.'),
    (r"object cannot be interpreted as an integer", "A whole number is wanted: `int(value)`."),
    (
        r"string indices must be integers",
        "A text is read with a key, where a row or a dictionary was meant: one row was looped over"
        " in the place of many, JSON was not read (`json.loads`), or a dictionary's keys were"
        " looped over and not its values.",
    ),
    (
        r"(?:list|tuple) indices must be integers or slices, not float",
        "The number of a place in a list is a whole one. A division with `/` gives a float, also"
        " where nothing is left over; `//` gives a whole number.",
    ),
    (
        r"(?:list|tuple) indices must be integers or slices, not (\w+)",
        "A list is read with a key of type `{1}`: take one of its elements first, or loop over it.",
    ),
    (
        r"'(\w+)' object does not support item (?:assignment|deletion)",
        "The parts of a `{1}` cannot be set with brackets: an object takes `team.name = …`; a row,"
        " a tuple and a text are not changed: make another one, such as `dict(row)`.",
    ),
    (
        r"(?:(?:argument|Value) after \*\* must be|object is not) a mapping",
        "`**` takes a dictionary: of a schema `data.model_dump()`, of a row `row._mapping`.",
    ),
    (
        r"(?:argument|Value) after \* must be an iterable",
        "`*` takes a list, and got one value.",
    ),
    (
        r"dictionary update sequence element|^object is not iterable",
        "`dict(…)` wants pairs, and got other things: of a row `dict(row._mapping)`, of rows a"
        " list `[dict(row._mapping) for row in rows]`, of a schema `model_dump()`.",
    ),
    (
        r"int\(\) argument must be|invalid literal for int\(\)|could not convert string to float",
        "What is to become a number is none: an empty text, a text with other letters, or None,"
        " as a variable of the environment that is not set gives it.",
    ),
    (
        r"a bytes-like object is required, not 'str'|encoding without a string argument",
        "Bytes are wanted, and a text came: `text.encode()`.",
    ),
    (
        r"[Ii]nvalid isoformat string|fromisoformat: argument must be str|does not match format",
        "The text is no date or time in the form that is asked for, or is a date already.",
    ),
    (
        r"badly formed hexadecimal UUID string",
        "The text is no UUID: an id that is a number, an empty text, or a part of one.",
    ),
    (
        r"'UUID' object has no attribute 'replace'",
        "`UUID(…)` got a UUID already; `str(value)` makes a text of one.",
    ),
    (
        r"object of type '(\w+)' has no len",
        "`len` got a `{1}`, which has no length: a generator or a result has to become a list.",
    ),
    (
        r"cannot pickle '([\w.]+)' object",
        "A `{1}` cannot be copied or sent to another process, and an object that is has one in it:"
        " `deepcopy`, a process pool, or a cache. Hand over plain values, and make it there.",
    ),
    (
        r"(?:issubclass|isinstance)\(\) arg \d",
        "A class is wanted where an object, or a generic such as `list[int]`, stands.",
    ),
    (
        r"can't set attribute|has no setter|object attribute '\w+' is read-only",
        "The attribute is calculated, or belongs to an object that is not changed: there is no"
        " place to put a value.",
    ),
    (
        r"changed size during iteration",
        "A loop goes over what it adds to or removes from: loop over a copy, `list(values)`.",
    ),
    (
        r"not all arguments converted|not enough arguments for format string",
        "The text has another number of `%s` than there are values; in SQL, give parameters.",
    ),
    (
        r"Can't instantiate abstract class (\w+)",
        "The class `{1}` leaves a method to its subclasses, and this one does not define it.",
    ),
    (
        r"An asyncio\.Future, a coroutine or an awaitable is required|a coroutine was expected",
        "Something that can be awaited is wanted: call the `async def` function, `f()`; `gather`"
        " takes `*several`; `asyncio.run` and `create_task` take what the call gives.",
    ),
    (
        r"expected str, bytes or os\.PathLike object|should be a str or an os\.PathLike object"
        r"|expected string or bytes-like object",
        "A text is wanted, and something else came; its type stands at the end of the message.",
    ),
    *IMPORTS,
    *ATTRIBUTES,
]
"""A part of the message, as an expression, and the words; `{1}` is the first group of it."""


def of_message(message: str) -> str:
    """What this message of Python's means, as sentences; empty where it has no form of these."""
    for pattern, words in FORMS:
        if found := re.search(pattern, message):
            return words.format(found[0], *(each or "what was called" for each in found.groups()))
    return ""
