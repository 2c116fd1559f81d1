"""How a notebook is named on the command line."""

from typing import Annotated

import typer

Number = Annotated[str, typer.Argument(metavar="NN", help="A notebook's number, such as 02.")]
MaybeNumber = Annotated[str | None, Number.__metadata__[0]]


def parse(text: str) -> str:
    """Two digits for `2`, `02`, `02_models` and `notebooks/02_models.ipynb`.

    For one that there is not, a sentence and exit code 1.
    """
    from workbook import material

    digits = text.rsplit("/", 1)[-1].split("_")[0].split(".")[0]
    number = digits.zfill(2) if digits.isdecimal() else text
    try:
        return material.notebook(number).number
    except KeyError as error:
        typer.echo(error.args[0], err=True)
        raise typer.Exit(1) from None


def parse_optional(text: str | None) -> str | None:
    """The same, where none may be named."""
    return parse(text) if text is not None else None
