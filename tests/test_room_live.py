"""A whole room, with `wb room` as a process: laptops, a page that follows, and restarts of both."""

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.laptops import EXERCISES, Laptop, RoomProcess, Watcher, room
from workbook.base.waiting import eventually_sync
from workbook.room.laptop import sender

COUNT = 60
BEHIND = 2.0
"""Seconds that the page may be behind a check."""
BUSY = 4.0
"""The same on a machine that runs other tests beside; `benchmarks/room.py` holds the two."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[RoomProcess]:
    with room(tmp_path, "--seats", "100") as running:
        yield running


def on_the_board(opened: RoomProcess) -> dict[str, dict[str, object]]:
    return {each["name"]: each["exercises"] for each in opened.json()["people"]}


def as_done(laptops: list[Laptop]) -> dict[str, dict[str, object]]:
    return {
        each.name: {key: known.model_dump() for key, known in each.standings.items()}
        for each in laptops
    }


def test_sixty_laptops_are_followed_and_restarts_of_both_sides_lose_nothing(
    opened: RoomProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "AGAIN_SECONDS", (0.3, 0.6))
    chance = random.Random(7)
    laptops = [Laptop(opened.code, f"learner {number:02}") for number in range(COUNT)]
    watcher = Watcher(f"{opened.board}events")
    watcher.start()
    for each in laptops:
        each.start()

    def checks(count: int) -> list[tuple[Laptop, str]]:
        made = []
        for _ in range(count):
            laptop, exercise = chance.choice(laptops), chance.choice(EXERCISES[:6])
            laptop.check(exercise, chance.random() < 0.5)
            made.append((laptop, exercise))
            time.sleep(0.02)
        return made

    try:
        time.sleep(1.5)  # everybody has joined
        made = checks(60)
        assert eventually_sync(lambda: _lags(watcher, made), 3 * BUSY, 0.1)
        lags = _lags(watcher, made)
        assert max(lags) < BUSY and sorted(lags)[len(lags) // 2] < BEHIND

        opened.kill()
        checks(20)  # while the board is away
        for each in laptops[:5]:
            each.stop()  # and so are these, with what they could not hand over
        opened.start()
        for each in laptops[:5]:
            each.start()
        checks(20)
        assert eventually_sync(lambda: on_the_board(opened) == as_done(laptops), 15, 0.3)
    finally:
        for each in laptops:
            each.stop()
        watcher.stop()
    assert "room-" in opened.stop()


def _lags(watcher: Watcher, made: list[tuple[Laptop, str]]) -> list[float]:
    """Seconds from each exercise's last check to the page that shows it; none while one is not."""
    lags = []
    for laptop, exercise in {(each[0].name, each[1]) for each in made}:
        of = next(each[0] for each in made if each[0].name == laptop)
        attempts = of.standings[exercise].attempts
        lag = watcher.lag(laptop, exercise, attempts, of.done[exercise, attempts])
        if lag is None:
            return []
        lags.append(lag)
    return lags


def test_the_room_says_what_is_needed_and_its_port_serves_reports_alone(
    opened: RoomProcess,
) -> None:
    assert "Only this machine reaches the room (127.0.0.1)." in opened.said
    assert opened.code.host == "127.0.0.1"
    reports = f"https://{opened.code.address}"
    with httpx.Client(trust_env=False, verify=False, timeout=10) as client:
        assert client.get(f"{reports}/").status_code == 404
        key = re.findall(r"/([^/]+)/$", opened.board)[0]
        assert client.get(f"{reports}/{key}/").status_code == 404
        assert client.get(opened.board).status_code == 200
        assert client.get(opened.wall).status_code == 200
        wall_key = re.findall(r"/([^/]+)/$", opened.wall)[0]
        assert key != wall_key
    assert opened.stop().strip() == "The room is closed. Nobody has joined."
