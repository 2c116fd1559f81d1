"""Names of the template of 03.env that belong to another object, or to another file."""

from sqlalchemy import Connection


def of_a_name(error: Exception) -> tuple[str, str, str] | None:
    """What came of it, what was wanted, and a question; None where no name was taken wrongly."""
    if isinstance(error, AttributeError) and isinstance(error.obj, Connection):
        wanted = "the last three steps of the template, on the connection that `run` was lent"
        ask = f"what has `{error.name}` before its dot in the template, and which step is it?"
        return f"a synchronous Connection was asked for `{error.name}`", wanted, ask
    if isinstance(error, NameError) and error.name == "target_metadata":
        ask = "the template's own file makes that name: what is the metadata of `Base` called?"
        return "this file has no `target_metadata`", "the metadata of `Base`", ask
    if isinstance(error, TypeError) and "argument: 'creator'" in str(error):
        ask = "what does `poolclass=` want: a class, or what a call of it gives?"
        return "the class `NullPool` was called", "an engine with this class", ask
    return None
