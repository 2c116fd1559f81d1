"""The commands that tell learners of their own work: `wb status`, `wb review`, `wb report`."""

from pathlib import Path
from typing import Annotated

import typer


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as data instead.")] = False,
) -> None:
    """Say how far you are, and what is running."""
    from workbook.cli import status

    typer.echo(status.as_json() if as_json else status.text())


def review(
    most: Annotated[int, typer.Option(min=1, help="How many questions at most.")] = 5,
) -> None:
    """Ask again what you may have forgotten: questions of the notebooks, when they are due."""
    from workbook.cli import reviewing

    reviewing.review(most)


def report(
    file: Annotated[Path | None, typer.Argument(help="Else report.html in work/.")] = None,
    name: Annotated[str, typer.Option(help="Whose report it is.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as data instead.")] = False,
) -> None:
    """Write a page of your own: what is right, after how many attempts, what to look at again."""
    from workbook.cli import own_report

    if as_json:
        typer.echo(own_report.as_json(name))
    else:
        typer.echo(f"Your report: {own_report.write(file, name)}")
