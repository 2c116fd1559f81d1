"""`wb room`: the board of whoever teaches, and what a learner's laptop sends to one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from workbook.base import settings

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

        door = serve.Door(host, port, reached_as, seats)
        serve.serve(door, new, typer.echo)


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
def joined(text: str | None, name: str | None) -> Iterator[Callable[[], None]]:
    """Report to the room with this code for the length of a block; without a code do nothing.

    WORKBOOK_ROOM and WORKBOOK_ROOM_NAME say the same where nobody types, as in a container. The
    block gets what is to be called at its end: where JupyterLab ran before, it waits for its end.
    Problem if the text is no code, if the name cannot be used, or if reports are sent already.
    """
    text, name = text or settings.read().room, name or settings.read().room_name
    if not text:
        yield _go_on
        return
    from workbook.cli import jupyter
    from workbook.room.laptop import joining, sentences
    from workbook.room.wire.code import Code

    code, running = Code.parse(text), jupyter.running()
    with joining.joined(code, joining.chosen_name(name)) as now:
        typer.echo(sentences.joined(now))
        yield partial(_stay, running.pid) if running else _go_on


def _go_on() -> None:
    """There is nothing to wait for."""


def _stay(pid: int) -> None:
    """Wait for the end of the `wb lab` that runs, or for Ctrl-C: the reports come from here."""
    import psutil

    typer.echo("\nThis terminal reports to the room. Ctrl-C ends that, and JupyterLab goes on.")
    with suppress(psutil.Error, KeyboardInterrupt):
        psutil.Process(pid).wait()
    typer.echo("\nNothing is sent any more.")
