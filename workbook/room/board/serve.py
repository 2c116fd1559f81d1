"""`wb room`: the board of a room, from its start to Ctrl-C."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from workbook.base import paths, ports
from workbook.base.serving import SignalFreeServer
from workbook.base.waiting import eventually
from workbook.room.board import addresses, gate, home, table
from workbook.room.board.board import Board
from workbook.room.board.home import Room, RoomProblem
from workbook.room.board.pages import pages_app
from workbook.room.board.reports import reports_app
from workbook.workspace import files

END_SECONDS = 2
"""How long requests in flight may take at the end."""
IDLE_SECONDS = 5
SEATS = 8
"""How many people one address may bring, where nobody says another number."""
START_SECONDS = 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Door:
    """Where a room is entered, and by how many."""

    host: str
    """The address at which it listens."""
    port: int | None
    """The port of the reports; the one of last time, or a free one, where none is named."""
    reached_as: str | None
    """The address under which others find it, where that is another one."""
    seats: int
    """How many people one address may bring."""

    def command(self) -> str:
        """What opens the room at this door again: the code has its address."""
        said = {
            "host": "" if self.host == addresses.HERE else self.host,
            "reached-as": self.reached_as,
            "seats": "" if self.seats == SEATS else self.seats,
        }
        return "./wb room" + "".join(f" --{name} {value}" for name, value in said.items() if value)


def serve(door: Door, new: bool, say: Say) -> None:
    """Open the room, or go on with it, and stay until Ctrl-C; Problem where it cannot be."""
    shown = addresses.checked(door.host, door.reached_as)
    mine = home.lock()
    if not mine.try_take():
        raise RoomProblem(home.IN_USE)
    try:
        if new:
            home.remove()
        room = home.open_room(door.port)
        asyncio.run(_run(room, door, shown, say))
        say(f"\nThe room is closed. {_written(room)}")
    finally:
        mine.free()


async def _run(room: Room, door: Door, shown: str, say: Say) -> None:
    """Both servers, the people's and the instructor's, until a signal comes."""
    ended = asyncio.Event()
    for each in ENDINGS:
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    with (
        home.store() as store,
        _listen(door.host, room.port, door.seats) as outside,
        _here(room) as inside,
    ):
        board = Board(store, door.seats)
        async with _served(board, room, outside, inside) as tasks:
            say(_opened(room, door, shown, len(board.people)))
            stop = asyncio.create_task(ended.wait())
            await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()


@asynccontextmanager
async def _served(
    board: Board, room: Room, outside: socket.socket, inside: socket.socket
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Serve reports outside and the pages inside for the length of a block.

    RoomProblem where that does not begin within ten seconds; whoever watches is let go at the end.
    """
    pages = SignalFreeServer(_config(pages_app(board, room.board_key, room.wall_key)))
    servers = {_reports_server(board, room): outside, pages: inside}
    tasks = [asyncio.create_task(each.serve(sockets=[at])) for each, at in servers.items()]
    try:
        if not await eventually(partial(_all_started, list(servers)), START_SECONDS):
            raise RoomProblem("The room did not open within ten seconds. Try it again.")
        yield tasks
    finally:
        await board.close()
        for each in servers:
            each.should_exit = True
        await asyncio.gather(*tasks)


async def _all_started(servers: list[SignalFreeServer]) -> bool:
    return all(each.started for each in servers)


def _reports_server(board: Board, room: Room) -> SignalFreeServer:
    """HTTPS, on brief connections."""
    config = _config(reports_app(board, room.token))
    config.http = gate.BriefConnection
    config.ssl_certfile = str(home.certificate_path())
    return SignalFreeServer(config)


def _config(app: FastAPI) -> uvicorn.Config:
    """A server that logs nothing: neither addresses nor names."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
    )


def _listen(host: str, port: int, seats: int) -> socket.socket:
    """The room's own port; RoomProblem where it cannot be had."""
    try:
        return gate.listen(host, port, seats)
    except OSError as error:
        why = f"{error.strerror}; it is used by {ports.who_has(port)}"
        if not ports.is_free(port):
            raise RoomProblem(
                f"The room's port {port} cannot be had: {why}. End that program; or choose another "
                "one with --port, and hand the new code out."
            ) from None
        raise RoomProblem(f"The room cannot listen on {host}: {error.strerror}.") from None


def _here(room: Room) -> socket.socket:
    """The port of the pages, on this machine alone."""
    try:
        return socket.create_server((addresses.HERE, room.pages_port))
    except OSError:
        raise RoomProblem(
            f"The port of the room's pages, {room.pages_port}, is used by "
            f"{ports.who_has(room.pages_port)}. End that program, or open a new room: "
            "./wb room --new"
        ) from None


def _opened(room: Room, door: Door, shown: str, people: int) -> str:
    """What whoever teaches has to know, in the order in which it is needed."""
    pages = f"http://{addresses.HERE}:{room.pages_port}"
    again = f", with the {people} who have joined" if people else ""
    return f"""\
This is {room.title}{again}. {addresses.meaning(door.host)}

Learners join it with:

    ./wb lab --room {room.code(shown)}

For you, with names:        {pages}/{room.board_key}/
For the projector, without: {pages}/{room.wall_key}/

Ctrl-C closes it. {door.command()} opens it again, with the same code and the same people;
{door.command()} --new begins another one and forgets them."""


def _written(room: Room) -> str:
    """Put the table beside the learner's own files, and say where it is."""
    people = home.people()
    if not people:
        return "Nobody has joined."
    stamp = time.strftime("%Y-%m-%d-%H%M", time.localtime(room.begun))
    path: Path = paths.work() / f"room-{stamp}.csv"
    files.write(path, table.csv_text(people), mode=0o600)
    return (
        f"Its table, with names, is {path}. "
        "./wb room --forget removes what else is known of its people."
    )
