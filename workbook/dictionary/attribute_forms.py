"""What Python's messages about an attribute that is not there mean, form by form."""

ATTRIBUTES: list[tuple[str, str]] = [
    (
        r"nor 'Comparator' object (?:associated with ([\w.]+) )?has an attribute '(\w+)'",
        "In a query, what a column can do depends on its type, and the type of this one has no"
        " `{2}`: of JSON and arrays, PostgreSQL's own types (`sqlalchemy.dialects.postgresql`) do"
        " more. Where it is the attribute of another model, join it, and ask that model.",
    ),
    (
        r"<module '([\w.]+)'.*> does not have the attribute '(\w+)'",
        "`patch` replaces what is there, and the module `{1}` has no `{2}`: patch it in the module"
        " that looks it up.",
    ),
    (
        r"'(?:method|function)' object has no attribute",
        "The function itself stands where its result is meant: brackets are missing, `f()`.",
    ),
    (
        r"'dict' object has no attribute '(\w+)'",
        'A dictionary is read with brackets, `data["{1}"]`; or an object was meant, which its'
        " schema makes: `Schema.model_validate(data)`.",
    ),
    (
        r"'(list|tuple|set)' object has no attribute '(\w+)'",
        "A `{1}` stands where one of its elements is meant: loop over it, or take `[0]`. A comma"
        " at the end of a line makes a tuple.",
    ),
    (
        r"'(str|int|float|bytes|bool)' object has no attribute '(\w+)'",
        "A plain value (`{1}`) stands where an object with `{2}` is meant: it is an id, a column's"
        " value, or JSON that nobody has read.",
    ),
    (
        r"'bytes' object has no attribute 'encode'",
        "They are bytes already; `encode` makes bytes of a text.",
    ),
    (
        r"type object '(\w+)' has no attribute '(\w+)'",
        "The class `{1}` has no `{2}`: it is mistyped, it is of another version, or an object of"
        " the class has it and the class has not.",
    ),
    (
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "The module `{1}` has no `{2}`: it is mistyped, it was moved in the version that is"
        " installed, it is a module that must be imported itself, or what was found is another one"
        " of this name, of another package or a file of yours. Where an object is meant, it may be"
        " in the module, and was to be imported from it.",
    ),
]
"""A part of the message, as an expression, and the words: the end of `forms.FORMS`."""
