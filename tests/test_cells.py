"""Which cells only look at what another one has done."""

from types import SimpleNamespace
from typing import cast

import pytest

from workbook.base.problem import Problem
from workbook.lab import outside_view
from workbook.lab.cells import CellLog, only_looks
from workbook.lab.session import Session


@pytest.mark.parametrize(
    "code",
    [
        "await lab.saw()",
        "  await lab.saw(by_connection=True)\n",
        "lab.served()",
        "lab.served(in_order=True)",
        "# What did the server see?\nawait lab.saw()",
        "await lab.saw()  # again",
        "await lab.saw();",
        "seen = await lab.saw()",
        "seen = await lab.saw()\nseen",
        "seen",
        "# nothing yet",
        "lab.explain()",
        'lab.hint("01.get_db")',
        'lab.solution("01.get_db")',
        'lab.others("01.get_db")',
        "lab.review()",
    ],
)
def test_a_cell_that_looks_has_done_nothing(code: str) -> None:
    assert only_looks(code)


@pytest.mark.parametrize(
    "code",
    [
        "await session.execute(query)",
        'await lab.check("01.get_db")',
        "await lab.saw()\nawait session.execute(query)",
        "await lab.saw(await session.scalar(query))",
        "await lab.saw(by_connection=ask())",
        "await lab().saw()",
        "saw()",
        "for n in range(2): await lab.saw()",
        "print(await lab.saw(), await session.scalar(query))",
        "%%time\nawait lab.saw()",
        "await lab.saw(",
    ],
)
def test_a_cell_that_does_more_has_done_something(code: str) -> None:
    assert not only_looks(code)


def test_looking_twice_shows_the_same_cell() -> None:
    log = CellLog()
    for code in ("await one()", "await two()", "await lab.saw()", "# once more\nawait lab.saw()"):
        log.record(SimpleNamespace(raw_cell=code))
    assert log.last_action() == log.cells[1]


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("await lab.sow()", "await lab.sow()"),
        ("\n# Type it.\nsent = [1]\nsent", "# Type it."),
        ("f(" + "x" * 99 + ")", "…"),
    ],
)
def test_where_a_cell_has_led_to_nothing_it_is_said_which_one(code: str, begins: str) -> None:
    log = CellLog()
    log.record(SimpleNamespace(raw_cell=code))
    said = repr(
        outside_view.served(cast(Session, SimpleNamespace(cells=log, app_servers=[])), False)
    )
    assert said == f"Nothing: the last cell that ran asked no server. It begins with: {begins}"


def test_before_any_cell_has_run_there_is_a_sentence() -> None:
    log = CellLog()
    log.record(SimpleNamespace(raw_cell=None))
    with pytest.raises(Problem, match="No cell has run since the start"):
        log.last_action()
