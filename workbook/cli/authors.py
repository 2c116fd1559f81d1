"""The commands of `wb` for authors: what is made of the lessons, and held to rules."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def build(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NN]...")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is current.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Run nothing: only text changed.")] = False,
) -> None:
    """For authors: make both notebooks of each lesson, and run them."""
    from workbook.authoring.build import main

    raise typer.Exit(main(numbers or [], check, text))


@app.command()
def site(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where it is to be; else site/ in the checkout."),
    ] = None,
) -> None:
    """For authors: make the reading site, for learners and for instructors; it runs no cell."""
    from workbook.cli import site

    site.main(out, typer.echo)


@app.command()
def lint() -> None:
    """For authors: hold the lessons against the rules of the house."""
    from workbook.authoring.lint import main

    raise typer.Exit(main())
