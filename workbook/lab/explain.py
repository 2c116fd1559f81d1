"""What an error means: its root cause, and its entry in the error dictionary."""

import traceback

from workbook import dictionary
from workbook.base.causes import causes
from workbook.display.card import Card

HIDDEN_QUERY = {
    "_load_for_state": "Here a relationship was read that the query had not loaded.",
    "_load_scalar_attributes": "Here a value was read that had expired: after a commit, after a"
    " rollback, or because the database computed it in a flush.",
}
"""Functions of SQLAlchemy in the traceback, and which cause of MissingGreenlet each tells."""


def explain(error: BaseException | None) -> Card:
    """The error in words: what was raised, what lies under it, what it means, what to do."""
    if error is None:
        return Card("Nothing to explain", "No cell has failed since the kernel started.")
    lines = [_root_cause(error), _hidden_query(error)]
    known = dictionary.entry(error)
    if known is None:
        lines.append(
            "The dictionary has no entry for it. Read its last line: it names what failed."
        )
    else:
        listed = "; ".join(f"({n}) {cause}" for n, cause in enumerate(known.causes, 1))
        lines += [known.means, f"Causes, the likeliest first: {listed}", f"Fix: {known.fix}"]
        lines.append(f"You meet it in {known.notebook}.ipynb.")
    return Card(type(error).__name__, "\n".join(filter(None, lines)))


def _root_cause(error: BaseException) -> str:
    """What lies under the error: what the driver said, else what came first; with the SQLSTATE."""
    below = [each for each in causes(error) if each is not error]
    code = getattr(error, "sqlstate", None)
    if not below:
        return f"PostgreSQL's code for it is SQLSTATE {code}." if code else ""
    driver = [each for each in below if type(each).__module__.startswith("asyncpg")]
    root = (driver or below)[-1]
    module = type(root).__module__.split(".")[0]
    name = type(root).__name__ if module == "builtins" else f"{module}'s {type(root).__name__}"
    code = getattr(root, "sqlstate", None)
    return f"Under it lies {name}" + (f", SQLSTATE {code}." if code else ".")


def _hidden_query(error: BaseException) -> str:
    """Which query nobody wrote is behind MissingGreenlet; empty for every other error."""
    frames = {
        frame.name for one in causes(error) for frame in traceback.extract_tb(one.__traceback__)
    }
    if not any(type(one).__name__ == "MissingGreenlet" for one in causes(error)):
        return ""
    return next((words for name, words in HIDDEN_QUERY.items() if name in frames), "")
