"""A room of 60 laptops: how far the board's page is behind, what is lost, and what a check pays.

`python benchmarks/room.py [SECONDS] [LAPTOPS] [PAIRS]`: for five minutes (300) 60 laptops report,
each after a check now and then, while the board is killed and started again twice, ten laptops are
restarted, and a hostile one sends 10,000 wrong reports. A page's lag is from a check to the picture
that shows it; that of checks made while the board was away is printed apart. Then pairs of checks
are timed with a sender at work and with the same sender stopped, in turn. It fails if a lag is over
2 s, if a report is lost, or if a check is slower by more than 2 %.
"""

import asyncio
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import urllib3

from benchmarks.laptops import EXERCISES, Laptop, RoomProcess, Watcher, room
from workbook import material, postgres, workspace
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.checks import checking
from workbook.checks.checking import Checks
from workbook.room.wire.code import Code
from workbook.room.wire.report import PATH

BEHIND, SLOWER = 2.0, 1.02
PAUSE = 5.0, 20.0
"""Seconds between two checks of a learner."""
TURN = 6
CYCLE = 4 * TURN
AWAY = 5.0
WRONG = 10_000
SENDER = """
import sys
from workbook.room.laptop import joining
from workbook.room.wire.code import Code
with joining.joined(Code.parse(sys.argv[1]), "measured"):
    print("joined", flush=True)
    sys.stdin.read()
"""


Spans = list[tuple[float, float]]
"""From when to when, on the monotonic clock."""


def work(laptop: Laptop, end: float, chance: random.Random) -> None:
    """Check one exercise after the other, each right in the end, until the time is over."""
    todo = iter(EXERCISES)
    exercise, tries = next(todo), 0
    time.sleep(chance.uniform(0, PAUSE[1]))
    while time.monotonic() < end:
        tries += 1
        right = chance.random() < 0.3 + 0.1 * tries
        laptop.check(exercise, right)
        if right:
            exercise, tries = next(todo, EXERCISES[-1]), 0
        time.sleep(chance.uniform(*PAUSE))


def flood(code: Code) -> tuple[int, float]:
    """Send wrong reports, as fast as one connection carries them: how many, in which time."""
    began, sent = time.monotonic(), 0
    pool = urllib3.HTTPSConnectionPool(
        code.host, code.port, cert_reqs="CERT_NONE", assert_fingerprint=code.fingerprint
    )
    wrong = [({"Authorization": "Bearer wrong"}, b"{}"), (bearer(code), b'{"name": 1}')]
    while sent < WRONG:
        headers, body = wrong[sent % 2]
        with contextlib.suppress(urllib3.exceptions.HTTPError):  # it is cut off after ten seconds
            answer = pool.request("POST", PATH, headers=headers, body=body, retries=False)
            assert answer.status in (401, 422), answer.status
            sent += 1
    return sent, time.monotonic() - began


def bearer(code: Code) -> dict[str, str]:
    return {"Authorization": f"Bearer {code.token}"}


def disturb(opened: RoomProcess, laptops: list[Laptop], seconds: float) -> Spans:
    """Kill the board twice, then restart ten laptops; when the board was away."""
    away = []
    for _ in range(2):
        time.sleep(0.25 * seconds)
        begun = time.monotonic()
        opened.kill()
        time.sleep(AWAY)
        opened.start()
        away.append((begun, time.monotonic()))
    for each in laptops[:10]:
        each.stop()
        each.start()
    return away


def run(seconds: float, count: int) -> bool:
    """The room; whether the page kept up and nothing was lost."""
    chance = random.Random(2026)
    with (
        tempfile.TemporaryDirectory(prefix="nightwatch-room-") as folder,
        room(Path(folder), "--seats", "100") as opened,
    ):
        laptops = [Laptop(opened.code, f"learner {number:02}") for number in range(count)]
        watcher = Watcher(f"{opened.board}events")
        watcher.start()
        end = time.monotonic() + seconds
        learners = [
            threading.Thread(target=work, args=[each, end, random.Random(chance.random())])
            for each in laptops
        ]
        for each, learner in zip(laptops, learners, strict=True):
            each.start()
            learner.start()
        away = disturb(opened, laptops, seconds)
        sent, took = flood(opened.code)
        for learner in learners:
            learner.join()
        time.sleep(3)
        for each in laptops:
            each.stop()
        watcher.stop()
        print(f"{sent} wrong reports in {took:.1f} s, beside the others")
        return all([kept_up(laptops, watcher, away), nothing_lost(laptops, opened)])


def kept_up(laptops: list[Laptop], watcher: Watcher, away: Spans) -> bool:
    """Print how far the page was behind, and whether that is little enough."""
    lags: dict[bool, list[float]] = {True: [], False: []}
    missed = 0
    for laptop in laptops:
        for (exercise, attempts), begun in laptop.done.items():
            lag = watcher.lag(laptop.name, exercise, attempts, begun)
            if lag is None:
                missed += 1
                continue
            # A laptop that did not get through may wait five seconds until it tries again.
            was_away = any(start - 1 < begun < stop + 6 for start, stop in away)
            lags[was_away].append(lag)
    here = sorted(lags[False])
    print(
        f"{len(here)} checks, page behind: median {statistics.median(here):.2f} s, "
        f"95 % {here[int(len(here) * 0.95)]:.2f} s, at most {here[-1]:.2f} s; never shown: {missed}"
    )
    if lags[True]:
        print(f"{len(lags[True])} around a restart: at most {max(lags[True]):.2f} s")
    return here[-1] <= BEHIND and not missed


def nothing_lost(laptops: list[Laptop], opened: RoomProcess) -> bool:
    """Print how many reports are not on the board as the laptop has them."""
    people = {each["name"]: each["exercises"] for each in opened.json()["people"]}
    wanted = {
        laptop.name: {key: each.model_dump() for key, each in laptop.standings.items()}
        for laptop in laptops
    }
    lost = sum(
        people.get(name, {}).get(exercise) != standing
        for name, known in wanted.items()
        for exercise, standing in known.items()
    )
    print(f"{sum(map(len, wanted.values()))} exercises of {len(laptops)} laptops, lost: {lost}")
    return lost == 0 and people.keys() == wanted.keys()


async def timed(pairs: int, sender: int) -> dict[bool, list[float]]:
    """Milliseconds of checks with the sender at work, and with the same sender stopped, in turns.

    A check is what a cell does: judge, and remember the verdict, which is what the sender watches.
    A turn is six checks: a sender that goes on looks at once, so in short turns nearly every check
    would have a report beside it, where one in five has. The
    machine's own slow changes are in both: on, off, off, on.
    """
    notebook = material.notebook("00")
    checks = Checks(postgres.attach(), notebook.number, "bench")
    exercise = notebook.exercises[0]
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(-CYCLE, 2 * pairs):
        on = number % CYCLE // TURN in (0, 3)
        os.kill(sender, signal.SIGCONT if on else signal.SIGSTOP)
        began = time.perf_counter()
        verdict = await checks.judge(exercise, exercise.solution)
        workspace.record(exercise.id, "right", str(number))
        assert verdict
        if number >= 0:  # the first ones warm up
            taken[on].append((time.perf_counter() - began) * 1000)
    os.kill(sender, signal.SIGCONT)
    await checks.close()
    checking.RUNNER.stop()
    return taken


def ratio_of(taken: dict[bool, list[float]]) -> float:
    """How much slower with the sender: of the ratios of each on, off, off, on, the median."""
    half = CYCLE // 2
    starts = range(0, len(taken[True]) - half + 1, half)
    sums = [(sum(taken[True][at : at + half]), sum(taken[False][at : at + half])) for at in starts]
    return statistics.median(on / off for on, off in sums)


def costs_nothing(pairs: int) -> bool:
    """Print what a check takes with and without a room, and whether that is the same."""
    with (
        tempfile.TemporaryDirectory(prefix="nightwatch-room-") as folder,
        room(Path(folder)) as opened,
        sandbox.server(),
    ):
        sender = subprocess.Popen(
            [sys.executable, "-c", SENDER, str(opened.code)],
            cwd=paths.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert sender.stdout is not None and sender.stdout.readline() == b"joined\n"
            taken = asyncio.run(timed(pairs, sender.pid))
            busy = psutil.Process(sender.pid).cpu_times()
        finally:
            sender.communicate(timeout=20)
        (person,) = opened.json()["people"]
        assert person["exercises"]["00.fetch"]["attempts"] > pairs, "the sender was not at work"
    ratio = ratio_of(taken)
    share = (busy.user + busy.system) / (sum(taken[True]) / 1000)
    print(
        f"{pairs} pairs of checks: {statistics.median(taken[True]):.1f} ms in a room, "
        f"{statistics.median(taken[False]):.1f} ms without, ratio {ratio:.3f}; "
        f"the sender took {share:.1%} of a core, its start with it"
    )
    return ratio <= SLOWER


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the room is ended on the way
    given = [float(each) for each in sys.argv[1:]]
    seconds, count, pairs = given + [300.0, 60.0, 480.0][len(given) :]
    held = [run(seconds, int(count))] if count else []
    held += [costs_nothing(int(pairs))] if pairs else []
    print("held" if all(held) else "NOT held")
    return int(not all(held))


if __name__ == "__main__":
    raise SystemExit(main())
