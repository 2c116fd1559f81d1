"""What of IPython and of front ends we rely on; whatever of it changes is red here by its name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel import Kernel, Shown, kernel

SHOW = """
from workbook.lab import frames, ipython
ipython.show_errors(get_ipython(), lambda error: [*frames.brief(error), "and a note"])
"""


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel whose errors we show; it needs no server."""
    with kernel(tmp_path_factory.mktemp("work")) as made:
        assert made.run(SHOW).text == ""
        yield made


def test_an_ordinary_error_is_shown_in_our_words(cell: Kernel) -> None:
    shown = cell.run("def f():\n    1 / 0\n\nf()")
    assert shown.error == "ZeroDivisionError"
    assert shown.message.splitlines() == [
        "your code, line 4:  f()",
        "your code, line 2:  1 / 0",
        "ZeroDivisionError: division by zero",
        "and a note",
    ]


def test_a_syntax_error_of_a_file_is_shown_in_our_words(cell: Kernel) -> None:
    shown = cell.run("compile('a = = 1', 'app/models.py', 'exec')")
    assert shown.error == "SyntaxError"
    assert shown.message.splitlines()[0].strip() == 'File "app/models.py", line 1'
    assert shown.message.endswith("and a note")


def test_an_exception_group_is_shown_in_our_words(cell: Kernel) -> None:
    shown = cell.run("raise ExceptionGroup('both failed', [ValueError('a'), KeyError('b')])")
    assert shown.error == "ExceptionGroup"
    assert shown.message.splitlines()[1:] == [
        "ExceptionGroup: both failed (2 sub-exceptions)",
        "and a note",
    ]
    assert not shown.text, "IPython prints nothing beside it"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("compile('a = = 1', 'app/models.py', 'exec')", "SyntaxError"),
        ("raise ExceptionGroup('', [ValueError()])", "ExceptionGroup"),
        ("a = = 1", "SyntaxError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_the_last_error_is_that_of_the_last_cell_that_failed(
    cell: Kernel, code: str, name: str
) -> None:
    """Also where IPython shows it itself: a cell that does not parse, one that is interrupted."""
    cell.run("raise LookupError('an earlier one')")
    cell.run(code)
    assert cell.run("type(ipython.last_error()).__name__").data == [repr(name)]


def test_python_s_own_names_for_the_last_error_are_set_too(cell: Kernel) -> None:
    cell.run("1 / 0")
    looked = "import sys\nsys.last_value.args, getattr(sys, 'last_exc', sys.last_value).args"
    assert cell.run(looked).data == ["(('division by zero',), ('division by zero',))"]


def test_a_new_name_of_python_goes_before_the_old_one(cell: Kernel) -> None:
    cell.run("import sys\nold, new = ValueError(), KeyError()\nsys.last_value = old")
    assert cell.run("sys.last_exc = new\nipython.last_error() is new").data == ["True"]
    assert cell.run("del sys.last_exc\nipython.last_error() is old").data == ["True"]


JUPYTERLAB = {"cellId": "4a5b", "deletedCells": [], "recordTiming": False}
"""The metadata of a request of JupyterLab 4 and of Notebook 7, which is built of it."""


@pytest.mark.parametrize(
    ("metadata", "known"),
    [(JUPYTERLAB, "4a5b"), ({"cellId": "vscode-notebook-cell:/a.ipynb#W0"}, "vscode"), ({}, "")],
    ids=["JupyterLab", "another front end", "nbclient"],
)
def test_a_front_end_tells_which_cell_runs_or_it_does_not(
    cell: Kernel, metadata: dict[str, object], known: str
) -> None:
    shown = cell.run("ipython.cell_id()", metadata=metadata)
    assert shown.data[0].strip("'").startswith(known)
    assert bool(known) == (shown.data != ["''"])


@pytest.mark.parametrize(
    ("metadata", "replaced"), [(JUPYTERLAB, True), ({}, False)], ids=["told", "not told"]
)
def test_what_a_cell_wrote_before_goes_where_the_cell_is_known(
    cell: Kernel, metadata: dict[str, object], replaced: bool
) -> None:
    """Else a cell is known by the first name that it defines, and a renamed one is a new cell."""
    cell.run("from workbook.lab import magics\nmagics.install(get_ipython())")
    path = f"app/{'told' if replaced else 'untold'}.py"
    cell.run(f"%%myapp {path}\na = 1", metadata=metadata)
    cell.run(f"%%myapp {path}\nb = 2", metadata=metadata)
    text = Path(cell.work, "myapp", path).read_text()
    assert text == ("b = 2\n" if replaced else "a = 1\nb = 2\n")


def test_a_cell_is_told_before_it_runs_until_that_is_ended(cell: Kernel) -> None:
    cell.run("seen = []\ndef note(info):\n    seen.append(info.raw_cell)")
    cell.run("end = ipython.on_cell(get_ipython(), note)")
    cell.run("1 + 1")
    cell.run("end()")
    assert cell.run("seen").data == ["['1 + 1', 'end()']"]


BUSY = """
from workbook.lab import busy
busy.AFTER, busy.EVERY = 0.3, 0.2
end = busy.Busy(get_ipython()).watch()
"""


@pytest.mark.parametrize("work", ["await asyncio.sleep(1)", "time.sleep(1)", "time.sleep(1); 1/0"])
def test_a_long_cell_counts_its_seconds_and_the_line_goes(cell: Kernel, work: str) -> None:
    cell.run("import asyncio, time" + BUSY)
    shown = cell.run(work, metadata=JUPYTERLAB)
    assert shown.data == ["Still at work: 0 s"]
    assert "Still at work: 1 s" in shown.updates and shown.updates[-1] == ""
    assert cell.run("1 + 1", metadata=JUPYTERLAB).data == ["2"]
    cell.run("end()", metadata=JUPYTERLAB)
    assert cell.run("time.sleep(0.5)", metadata=JUPYTERLAB) == Shown()


def test_a_long_cell_shows_no_line_to_whoever_compares_its_outputs(cell: Kernel) -> None:
    cell.run("import time" + BUSY)
    assert cell.run("time.sleep(1)") == Shown()
    cell.run("end()")
