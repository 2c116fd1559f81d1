"""The one module that touches IPython: its shell, how it shows errors, and which cells run."""

import contextlib
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from IPython.core.getipython import get_ipython

Describe = Callable[[BaseException], list[str]]
"""What to show of an error, line by line."""


def current_shell() -> Any:
    """The shell that runs this notebook; None outside of IPython."""
    return get_ipython()  # type: ignore[no-untyped-call, unused-ignore]


def user_namespace() -> dict[str, Any]:
    """The notebook's own variables; none outside of IPython."""
    shell = current_shell()
    return shell.user_ns if shell is not None else {}


def cell_id() -> str:
    """The id of the cell that runs; empty where the front end does not tell it.

    It is no part of Jupyter's protocol. JupyterLab and Notebook 7 send it as `cellId` in the
    metadata of the request; nbclient, and so nbval, and a terminal send none.
    """
    shell = current_shell()
    request = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str(request.get("metadata", {}).get("cellId", ""))


def cell_name(filename: str) -> str:
    """`In[5]` for the file that IPython compiled a cell as; empty for any other file."""
    shell = current_shell()
    found = shell.compile.format_code_name(filename) if shell is not None else None
    return str(found[1]) if found else ""


def on_cell(shell: Any, record: Callable[[Any], None]) -> Callable[[], None]:
    """Call this before each cell, with what IPython knows of it; returns what ends that."""
    shell.events.register("pre_run_cell", record)
    return lambda: shell.events.unregister("pre_run_cell", record)


def after_cell(shell: Any, then: Callable[[Any], None]) -> Callable[[], None]:
    """Call this after each cell, with IPython's result of it; returns what ends that."""
    shell.events.register("post_run_cell", then)
    return lambda: shell.events.unregister("post_run_cell", then)


def show(thing: Any, what: str) -> None:
    """Show this below the cell that runs, as one of the outputs that are of such a kind."""
    data = {"text/plain": repr(thing), "text/html": thing._repr_html_()}
    if (shell := current_shell()) is not None:
        shell.display_pub.publish(data, metadata={"nightwatch": what})


def show_errors(shell: Any, describe: Describe) -> None:
    """Show errors of this shell in these words; `%tb` still shows all of the last one."""

    def handler(
        _shell: Any, kind: type[BaseException], error: BaseException, tb: TracebackType, **_: Any
    ) -> list[str]:
        _remember(kind, error, tb)
        lines = describe(error)
        # Private, and without a public twin: `showtraceback` asks an error for its own lines, but
        # neither a SyntaxError nor one with an exception group in its context.
        shell._showtraceback(kind, error, lines)
        return lines

    shell.set_custom_exc((Exception,), handler)
    # IPython also formats each error for its history, in its own way, which takes half a second:
    with contextlib.redirect_stdout(None):
        shell.run_line_magic("xmode", "Plain")


def last_error() -> BaseException | None:
    """The error that the last failed cell ended with, or None."""
    error: BaseException | None = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return error


def _remember(kind: type[BaseException], error: BaseException, tb: TracebackType) -> None:
    """As Python's own prompt does; `last_exc` is its name from 3.12 on, and IPython's too."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, tb
    if sys.version_info >= (3, 12):
        sys.last_exc = error
