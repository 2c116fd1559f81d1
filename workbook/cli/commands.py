"""The commands of `wb`. Each imports what it needs when it runs, so that `wb --help` is quick."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from workbook.cli import authors, judging, numbers, own
from workbook.cli import room as of_room
from workbook.cli.numbers import MaybeNumber, Number

app = typer.Typer(
    help="Nightwatch: build an async Python API against a live PostgreSQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="The PostgreSQL of this folder.", no_args_is_help=True)
app.add_typer(db, name="db")
app.command()(of_room.room)
app.command()(judging.judge)
for each in (own.status, own.review, own.report):
    app.command()(each)
app.add_typer(authors.app)

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="JupyterLab's port.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")]


@app.command()
def lab(
    number: MaybeNumber = None,
    port: Port = None,
    browser: Browser = True,
    postgres: Annotated[
        str | None, typer.Option(metavar="[embedded|compose|testcontainers]", help="The server.")
    ] = None,
    room: Annotated[
        str | None, typer.Option(metavar="CODE", help="Join the room with this code.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Your name in that room.")] = None,
) -> None:
    """Start PostgreSQL and JupyterLab, and open the first unfinished notebook."""
    from workbook.cli import launch

    with of_room.joined(room, name) as stay:
        code = launch.lab(numbers.parse_optional(number), port, browser, postgres)
        stay()
    raise typer.Exit(code)


@app.command()
def present(
    number: Number,
    solved: Annotated[bool, typer.Option("--solved", help="The solution, with outputs.")] = False,
    beside: Annotated[bool, typer.Option("--beside", help="The solution to its right.")] = False,
    port: Port = None,
    browser: Browser = True,
) -> None:
    """For whoever teaches: a notebook on the projector, in large type, with nothing beside it."""
    from workbook.cli import presenting

    raise typer.Exit(presenting.present(numbers.parse(number), port, browser, solved, beside))


@app.command()
def test(given: Annotated[list[str] | None, Number.__metadata__[0]] = None) -> None:
    """Prove what the material promises, for some notebooks or for all."""
    from workbook.proof.validate import run

    raise typer.Exit(run([numbers.parse(each) for each in given or []]))


@app.command()
def doctor(
    again: Annotated[
        bool, typer.Option("--again", help="Install everything anew before; work/ stays.")
    ] = False,
) -> None:
    """Look for what could stop the workbook, and name the repair."""
    from workbook.cli.doctor.report import report

    if again:  # what makes .venv cannot run in it: the launcher has taken this word away
        typer.echo("Run it in the workbook's folder, and alone: ./wb doctor --again", err=True)
        raise typer.Exit(1)
    raise typer.Exit(report())


@app.command()
def reset(number: Number) -> None:
    """Begin a notebook afresh; what you had is kept for `wb undo`."""
    from workbook import workspace

    for change in workspace.reset(numbers.parse(number)):
        typer.echo(f"  {change}")
    typer.echo("If it is open in JupyterLab: File, Reload Notebook from Disk. Back: ./wb undo")


@app.command()
def undo() -> None:
    """Put back what the last change replaced; again: the change before it."""
    from workbook import workspace

    entry = workspace.undo()
    for path in entry.existed:
        typer.echo(f"  {path} is back.")
    for path in entry.absent:
        typer.echo(f"  {path} is gone, as it was then.")
    typer.echo(f"That is how it was before {entry.action} ({entry.when}).")
    if before := workspace.next_to_undo():
        typer.echo(f"Further back, before {before.action} ({before.when}): ./wb undo")
    typer.echo("Forward again: ./wb redo")


@app.command()
def redo() -> None:
    """Take the last undo back."""
    from workbook import workspace

    entry = workspace.redo()
    typer.echo(f"The undo of {entry.when} is taken back: {', '.join(entry.paths)}.")


@app.command("catch-up")
def catch_up(number: Number) -> None:
    """Make myapp/ what the notebooks before this one leave; yours is kept for `wb undo`."""
    from workbook import workspace
    from workbook.cli import catching_up

    known = numbers.parse(number)
    done = workspace.catch_up(known)
    for line in [*catching_up.lines(known, done), *workspace.damage()]:
        typer.echo(line)


@app.command()
def update() -> None:
    """After `git pull`: bring new versions of notebooks; none with your answers is replaced."""
    from workbook import workspace

    changes, damaged = workspace.update(), workspace.damage()
    for change in changes:
        typer.echo(f"  {change}")
    if damaged:
        typer.echo("\n".join(damaged), err=True)
        raise typer.Exit(1)
    typer.echo("Done." if changes else "Every notebook is up to date.")


@app.command()
def kit(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where it is to be, as on a USB stick.")
    ],
    platforms: Annotated[
        list[str] | None, typer.Option("--platform", help="Such as linux-x86_64; else all four.")
    ] = None,
    pythons: Annotated[
        list[str] | None, typer.Option("--python", help="Such as 3.13; else all five.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Prove a kit that is there.")] = False,
) -> None:
    """Make a folder from which the workbook is installed without a network."""
    from workbook.cli.kit import make, proof

    if check:
        proof.check(folder, pythons or [], typer.echo)
    else:
        make.make(folder, platforms or [], pythons or [], typer.echo)


@db.command()
def url(number: MaybeNumber = None) -> None:
    """Print the address of a notebook's database, for any client."""
    from workbook.cli import db

    typer.echo(db.url(numbers.parse_optional(number)))
    typer.echo(db.when_it_answers(), err=True)


@db.command()
def psql(number: MaybeNumber = None) -> None:
    """Open psql in a notebook's database."""
    from workbook.cli import db

    raise typer.Exit(db.psql(numbers.parse_optional(number)))


@db.command()
def stop() -> None:
    """Stop the server; it starts again when a notebook needs it."""
    from workbook.cli import db

    typer.echo(db.stop())


@db.command("status")
def db_status() -> None:
    """Say whether the server runs, and where."""
    from workbook.cli import db

    typer.echo(db.status())


def main() -> None:
    """Run a command; a problem of a known kind becomes a sentence and exit code 1."""
    try:
        app(prog_name="wb")
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise SystemExit(130) from None
    except Exception as error:
        _explain(error)


def _explain(error: Exception) -> NoReturn:
    """End with a sentence for what we know; what we do not know keeps its traceback."""
    from workbook.cli import errors

    message = errors.user_message(error)
    if message is None:
        raise error
    print(message, file=sys.stderr)
    raise SystemExit(1)
