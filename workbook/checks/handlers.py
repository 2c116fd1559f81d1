"""Which errors the `except` clauses of a function take."""

import ast
import inspect
import textwrap
from typing import Any


def function_takes(function: Any, error: BaseException) -> bool:
    """Whether an `except` in this function's text is for errors of this class."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    handlers = [each for each in ast.walk(tree) if isinstance(each, ast.ExceptHandler)]
    return any(_takes(each, function.__globals__, error) for each in handlers)


def _takes(handler: ast.ExceptHandler, names: dict[str, Any], error: BaseException) -> bool:
    if handler.type is None:
        return True
    try:
        return isinstance(error, eval(ast.unparse(handler.type), names))
    except Exception:  # a name of the function's own, or one that is not there: nobody knows
        return True
