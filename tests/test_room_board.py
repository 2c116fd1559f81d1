"""The board: who is who, who tries longest, what is on disk, and what leaves it as a table."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from room_server import said, standing
from typer.testing import CliRunner

from workbook.base.problem import Problem
from workbook.cli import commands
from workbook.room.board import addresses, board, gate, home, people, serve, table, views
from workbook.room.board.board import Board, NoSeat
from workbook.room.board.people import Person
from workbook.room.board.store import Store


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    home.lock()
    return tmp_path


@pytest.fixture
def empty(work: Path) -> Board:
    return Board(home.store(), 8)


def laptop(number: int) -> str:
    return f"{number:032x}"


def hear(on: Board, *reports: object, address: str = "10.0.0.7") -> None:
    async def all_of_them() -> None:
        for each in reports:
            await on.hear(each, address)  # type: ignore[arg-type]

    asyncio.run(all_of_them())


def names(on: Board) -> list[str]:
    return [each.name for each in on.people]


def test_a_name_is_the_first_ones_and_a_second_gets_a_number(empty: Board) -> None:
    hear(empty, said("Ana", laptop(1)), said("ana", laptop(2)), said("ANA", laptop(3)))
    assert names(empty) == ["Ana", "ana-2", "ANA-3"]


def test_whoever_takes_the_name_that_another_was_given_gets_the_next(empty: Board) -> None:
    hear(empty, said("ana", laptop(1)), said("ana-2", laptop(2)), said("ana", laptop(3)))
    assert names(empty) == ["ana", "ana-2", "ana-3"]


def test_a_liar_changes_nothing_of_another(empty: Board) -> None:
    hear(empty, said("ana", laptop(1), standing(attempts=3)))
    before = empty.people[0].model_dump()
    hear(empty, said("ana", laptop(2), standing("11.retry", "right")))
    assert empty.people[0].model_dump() == before


def test_an_exercise_that_nobody_knows_is_not_shown(empty: Board) -> None:
    hear(empty, said("ana", laptop(1), standing("99.made_up"), standing("00.fetch")))
    assert empty.people[0].exercises.keys() == {"00.fetch"}


def test_a_learner_may_change_the_name_and_keeps_what_is_known(empty: Board) -> None:
    hear(empty, said("ana", laptop(1)), said("anna", laptop(1)), said("ana", laptop(2)))
    assert names(empty) == ["anna", "ana"]
    assert empty.people[0].exercises.keys() == {"00.fetch"}


def test_an_address_has_a_number_of_seats_and_an_ipv6_network_is_one(empty: Board) -> None:
    one = Board(Store(home.folder() / "one"), 1)
    hear(one, said("ana", laptop(1)), address="fd00::1")
    with pytest.raises(NoSeat):
        hear(one, said("ben", laptop(2)), address="fd00::2:1")
    hear(one, said("ben", laptop(2)), address="fd00:0:0:1::1")
    hear(one, said("ana", laptop(1), standing(attempts=2)), address="10.0.0.1")
    assert names(one) == ["ana", "ben"]


def test_a_room_is_full_some_time(empty: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_PEOPLE", 1)
    hear(empty, said("ana", laptop(1)))
    with pytest.raises(NoSeat):
        hear(empty, said("ben", laptop(2)), address="10.0.0.8")


def person(name: str, exercises: dict[str, tuple[str, int, float, float]]) -> Person:
    """Someone with (verdict, attempts, begun, changed) of each exercise."""
    seen = {
        each: people.Seen(standing=standing(each, verdict, attempts), begun=begun, changed=changed)
        for each, (verdict, attempts, begun, changed) in exercises.items()
    }
    return Person(number=1, laptop="", wanted=name, name=name, network="", joined=0, heard=95,
                  exercises=seen)  # fmt: skip


LONG = person("long", {"00.fetch": ("right", 1, 5, 6), "00.sqlstate": ("not yet", 4, 10, 90)})
SHORT = person("short", {"00.fetch": ("not yet", 1, 60, 60)})
READS = person("reads", {"00.fetch": ("not attempted", 0, 1, 1)})
DONE = person("done", {"00.fetch": ("right", 9, 2, 80)})
MOVED_ON = person(
    "moved on", {"00.fetch": ("not yet", 5, 1, 20), "00.concurrent": ("right", 1, 50, 50)}
)
EVERY = [READS, MOVED_ON, SHORT, DONE, LONG]


def test_who_tries_longest_comes_first_and_who_tries_nothing_last_by_name() -> None:
    rows = views.board(EVERY, now=100).people
    assert [each.name for each in rows] == ["long", "short", "done", "moved on", "reads"]
    assert [each.trying_seconds for each in rows] == [90, 40, None, None, None]
    assert [each.at for each in rows][:2] == ["00.sqlstate", "00.fetch"]


def test_the_wall_has_counts_and_not_one_name() -> None:
    wall = views.wall(EVERY, now=100)
    counts = {each.id: (each.right, each.trying) for each in wall.exercises}
    assert counts["00.fetch"] == (2, 2)
    assert {each.id: each.here for each in wall.exercises if each.here} == {
        "00.fetch": 3,
        "00.sqlstate": 1,
        "00.concurrent": 1,
    }
    assert wall.people == 5
    text = wall.model_dump_json()
    assert not [each.name for each in EVERY if f'"{each.name}"' in text]
    assert views.wall(EVERY, now=1000).people == 0


def test_the_time_of_a_try_counts_from_when_the_board_first_heard_of_the_exercise() -> None:
    trying = person("ana", {})
    for now, attempts in ((10.0, 1), (20.0, 2), (30.0, 2)):
        trying.take([standing(attempts=attempts)], now)
    seen = trying.exercises["00.fetch"]
    assert (seen.begun, seen.changed, trying.heard, trying.trying_since) == (10, 20, 30, 10)


def test_a_notebook_that_was_begun_again_is_gone_from_the_board() -> None:
    trying = person("ana", {"00.fetch": ("right", 1, 5, 6)})
    assert trying.take([], 10)
    assert not trying.exercises
    assert not trying.take([], 20)


def test_what_was_taken_is_on_disk_when_the_laptop_hears_so(empty: Board) -> None:
    hear(empty, said("ana", laptop(1), standing(attempts=3)))
    (known,) = home.store().people()  # as another process reads it
    assert known == empty.people[0]


def test_a_report_that_could_not_be_written_is_written_the_next_time(
    empty: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(empty._store, "put", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            hear(empty, said("ana", laptop(1)))
    assert home.store().people() == []
    hear(empty, said("ana", laptop(1)))
    assert [each.name for each in home.store().people()] == ["ana"]


def test_the_random_number_of_a_laptop_is_not_kept(empty: Board, work: Path) -> None:
    hear(empty, said("ana", laptop(1)))
    files = [each.read_bytes() for each in home.folder().iterdir()]
    assert not [each for each in files if laptop(1).encode() in each]


def test_a_room_that_is_opened_again_has_its_code_its_keys_and_its_people() -> None:
    first = home.open_room(None)
    with home.store() as opened:
        hear(Board(opened, 8), said("ana", laptop(1)))
    assert home.open_room(None) == first
    assert home.open_room(4711) == first.model_copy(update={"port": 4711})
    with home.store() as opened:
        assert names(Board(opened, 8)) == ["ana"]
    home.forget()
    assert home.open_room(None).token != first.token
    with home.store() as opened:
        assert names(Board(opened, 8)) == []


@pytest.mark.parametrize(
    "door",
    [
        serve.Door("127.0.0.1", None, None, 8),
        serve.Door("192.0.2.7", None, None, 8),
        serve.Door("0.0.0.0", None, "room.example.org", 60),
    ],
)
def test_the_line_that_opens_the_room_again_opens_it_at_the_same_door(
    door: serve.Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[serve.Door] = []
    monkeypatch.setattr(serve, "serve", lambda door, *_others: opened.append(door))
    shown = serve._opened(home.open_room(None), door, door.reached_as or door.host, 2)
    line = shown.partition("Ctrl-C closes it. ")[2].partition(" opens it again")[0]
    CliRunner().invoke(commands.app, line.split()[1:])
    assert opened == [door]


def test_only_the_owner_may_read_what_is_kept(empty: Board) -> None:
    home.open_room(None)
    hear(empty, said())
    found = {each.name: each.stat().st_mode & 0o077 for each in home.folder().iterdir()}
    assert home.folder().stat().st_mode & 0o077 == 0
    assert {name for name, open_to in found.items() if open_to} == set()


def test_a_table_has_a_line_for_each_exercise_and_no_formula() -> None:
    every = [person(name, LONG.exercises and {"00.fetch": ("not yet", 2, 5, 6)})
             for name in ("ana", "=1+1", "@SUM(A1)", "a,b")]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(table.csv_text(every))))
    assert [each["name"] for each in rows] == ["ana", "'=1+1", "'@SUM(A1)", "a,b"]
    assert {each["attempts"] for each in rows} == {"2"}
    assert rows[0]["begun"].startswith("1970-01-01T") or rows[0]["begun"].startswith("1969-12-31T")


def wb(*arguments: str) -> str:
    done = CliRunner().invoke(commands.app, ["room", *arguments])
    return f"{done.stdout}{done.exception or ''}"


def test_json_and_csv_come_from_the_disk_whether_or_not_the_room_is_open(work: Path) -> None:
    assert "There is no room here yet" in wb("--json")
    home.open_room(None)
    with home.store() as opened:
        hear(Board(opened, 8), said("ana"))
        assert json.loads(wb("--json"))["people"][0]["name"] == "ana"
        wb("--csv", str(work / "table.csv"))
    assert "ana,00.fetch,not yet,no,1,0," in (work / "table.csv").read_text()
    assert "forgotten" in wb("--forget")
    assert "There is no room here yet" in wb("--json")


def test_a_room_is_open_once_and_cannot_be_forgotten_meanwhile() -> None:
    mine = home.lock()
    assert mine.try_take()
    assert wb("--forget") == wb() == home.IN_USE
    mine.free()


def test_an_address_that_nobody_could_be_sent_to_is_refused() -> None:
    assert addresses.checked("192.168.1.20", None) == "192.168.1.20"
    assert addresses.checked("0.0.0.0", "teacher.local") == "teacher.local"
    with pytest.raises(Problem, match="nobody can be sent there"):
        addresses.checked("0.0.0.0", None)
    with pytest.raises(Problem, match="is no address"):
        addresses.checked("teacher", None)


def test_it_is_said_who_can_reach_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "others", lambda: {"192.168.1.20": "wlan0"})
    assert "./wb room --host 192.168.1.20 (wlan0)" in addresses.meaning("127.0.0.1")
    assert "Everybody in the network reaches 192.168.1.20" in addresses.meaning("192.168.1.20")
    assert "any address of this machine" in addresses.meaning("0.0.0.0")


def test_a_port_that_is_taken_is_named_with_its_owner() -> None:
    room = home.open_room(None)
    with gate.listen("127.0.0.1", room.port, 8) as other:
        other.listen()
        with pytest.raises(Problem, match=f"port {room.port} cannot be had.*--port"):
            serve._listen("127.0.0.1", room.port, 8)
    with pytest.raises(Problem, match=r"cannot listen on 192\.0\.2\.99"):
        serve._listen("192.0.2.99", room.port, 8)
