"""`wb judge`: a service in a folder, judged from outside, in a terminal or in CI."""

import asyncio
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from workbook.judge.finding import Judgement

WIDTH = 100


def judge(
    folder: Annotated[Path, typer.Argument(help="The folder of a service.")],
    rows: Annotated[list[str] | None, typer.Argument(help="Only these rows.")] = None,
) -> None:
    """Judge a service from outside: its tests, its promises, its data, and a table of faults."""
    raise typer.Exit(run(folder, rows or []))


def run(folder: Path, rows: list[str]) -> int:
    """Judge it and print what was seen; 0 where every row held, else 1."""
    from workbook.judge import judge
    from workbook.stack import warm_programs

    try:
        found = asyncio.run(judge(folder.resolve(), rows))
    finally:
        warm_programs.close()
    print(described(found))
    return 0 if found else 1


def described(found: "Judgement") -> str:
    """Row for row: whether it held, what was asked, and below it what was seen and what is next."""
    lines = []
    for asked, held, seen, then in found.rows:
        lines.append(f"{held:<10}{asked}")
        for text in filter(None, [str(seen), str(then)]):
            lines += textwrap.wrap(text, WIDTH, initial_indent=10 * " ", subsequent_indent=12 * " ")
    return "\n".join([*lines, found.note])
