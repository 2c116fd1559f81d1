"""`wb room`: the board of whoever teaches, and what a learner's laptop sends to one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from workbook.base import settings
from workbook.base.problem import Problem

Address = typer.Option(metavar="ADDRESS", help="Where to listen: one that others reach.")
Port = typer.Option(min=1, max=65535, help="The port for reports; a firewall must let it in.")
ReachedAs = typer.Option(metavar="ADDRESS", help="For the code, where others know another one.")
Seats = typer.Option(min=1, max=300, help="How many people one address may bring.")
Csv = typer.Option(metavar="FILE", help="Write its table, a row for each person and exercise.")


def room(
    host: Annotated[str, Address] = "127.0.0.1",
    port: Annotated[int | None, Port] = None,
    reached_as: Annotated[str | None, ReachedAs] = None,
    seats: Annotated[int, Seats] = 8,
    new: Annotated[bool, typer.Option("--new", help="Forget the last one, begin another.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the board, and end.")] = False,
    csv: Annotated[Path | None, Csv] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Remove all of its people.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Learners: print what yours sends.")] = False,
) -> None:
    """For whoever teaches: a live board of the learners who join with `wb lab --room`."""
    if show:
        from workbook.room.laptop import sentences

        typer.echo(sentences.show())
    elif as_json or csv or forget:
        _of_the_last(as_json, csv, forget)
    else:
        from workbook.room.board import serve

        serve.serve(host, port, reached_as, new, seats, typer.echo)


def _of_the_last(as_json: bool, csv: Path | None, forget: bool) -> None:
    """What is on disk of the room, whether or not it is open."""
    from workbook.room.board import home, table, views
    from workbook.workspace import files

    if as_json:
        typer.echo(views.board(home.people()).model_dump_json(indent=1))
    if csv:
        files.write(csv, table.csv_text(home.people()), mode=0o600)
        typer.echo(f"The table is {csv}. It holds names.", err=as_json)
    if forget:
        home.forget()
        typer.echo("The room and its people are forgotten.", err=as_json)


@contextmanager
def joined(text: str | None, name: str | None) -> Iterator[None]:
    """Report to the room with this code for the length of a block; without a code do nothing.

    WORKBOOK_ROOM and WORKBOOK_ROOM_NAME say the same where nobody types, as in a container.
    Problem if the text is no code, if the name cannot be used, or if this folder's JupyterLab runs
    already, which reports to another room or to none.
    """
    text, name = text or settings.read().room, name or settings.read().room_name
    if not text:
        yield
        return
    from workbook.room.laptop import joining, sentences
    from workbook.room.wire.code import Code

    code = Code.parse(text)
    _must_be_first()
    with joining.joined(code, joining.chosen_name(name)) as now:
        typer.echo(sentences.joined(now))
        yield


def _must_be_first() -> None:
    from workbook.cli import jupyter

    if running := jupyter.running():
        raise Problem(
            "JupyterLab is already running for this folder. To join a room with it, press Ctrl-C "
            f"in its own terminal (process {running.pid}), and then run this again."
        )
