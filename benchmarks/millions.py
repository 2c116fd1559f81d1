"""What each operation of the reference app costs among 10⁴, 10⁵ and 10⁶ alerts.

`python -m benchmarks.millions [--most 5000000] [--rounds 7] [--only WORD] [--plot FILE]` makes a
database of each size, starts an app on each, and asks all of them the same in turn, so that what
else the machine does weighs on each size alike. It prints milliseconds, what the largest costs
beside the smallest, and the peak of each app's memory; what costs more than 1.5 times as much is no
flat cost, and ends it with 1. The plot is a picture of the same, both axes logarithmic.
"""

import argparse
import asyncio
import http.client
import json
import random
import statistics
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import apps, many_rows
from benchmarks.load import Failure
from workbook.authoring import sandbox

SIZES, ROUNDS, SEED = (10_000, 100_000, 1_000_000), 7, 20261129
FLAT, STEADY = 1.5, 1.2
"""How many times the smallest the largest may cost, in time and in memory."""
ASKED, FILES, LINES = 30, 5, 500
"""In a round, requests of one kind, or files, of so many lines; the quickest file counts."""


@dataclass
class Place:
    """An app with so many alerts."""

    count: int
    url: str
    running: apps.Running
    log: Path
    choose: random.Random = field(default_factory=lambda: random.Random(SEED))
    sent: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=60)

    def one(self) -> int:
        """The number of some alert and its incident, of the team that asks; all are over."""
        teams = many_rows.TEAMS
        return teams * self.choose.randrange(1, (self.count - many_rows.OPEN) // teams)

    def new(self) -> int:
        """A number that nothing has."""
        self.sent += 1
        return self.sent

    def moment(self) -> str:
        """A cursor to somewhere in the year."""
        at = datetime.now(UTC) - timedelta(days=self.choose.uniform(1, 350))
        microseconds = int(at.timestamp() * 1e6)
        return urlsafe_b64encode(microseconds.to_bytes(7) + bytes(8)).decode()

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Send one request, and return what came; raises Failure for what is no 2xx."""
        kind = "application/x-ndjson" if path == "/alerts/bulk" else "application/json"
        headers = {"authorization": apps.bearer(), "content-type": kind}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            end = "\n".join(self.log.read_text("utf-8").splitlines()[-3:])
            raise Failure(f"{method} {path} among {self.count:,}: {answer.status}\n{end}")
        return said

    def peak(self) -> float:
        """The most memory that the app has had, in MB."""
        status = Path(f"/proc/{self.running.process.pid}/status")
        if not status.exists():
            return float(self.running.process.memory_info().rss / 1e6)
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6


def alert(key: str) -> bytes:
    """What a monitor sends."""
    said = {"dedupe_key": key, "title": "Disk is full", "severity": "major", "team_id": apps.TEAM}
    return json.dumps(said | {"payload": {"host": "host-new"}}).encode()


def times(request: Callable[[Place], tuple[str, str, bytes]]) -> Callable[[Place], float]:
    """Measure some requests of a kind, in milliseconds: a quarter of them is quicker than that."""

    def measured(place: Place) -> float:
        place.connection.close()  # it may be older than the app keeps one; the next is opened
        seen = []
        for _ in range(ASKED):
            sent = request(place)
            began = time.perf_counter()
            place.ask(*sent)
            seen.append(1000 * (time.perf_counter() - began))
        return statistics.quantiles(seen)[0]

    return measured


def get(path: Callable[[Place], str]) -> Callable[[Place], float]:
    return times(lambda place: ("GET", path(place), b""))


def new_lines(place: Place) -> bytes:
    """A file of alerts whose keys nothing has."""
    return b"\n".join(alert(f"bulk-{place.new()}") for _ in range(LINES))


def bulk(place: Place) -> float:
    """Milliseconds of one line of a file whose keys are new."""
    return min(_bulk(place, new_lines(place), LINES) for _ in range(FILES))


def bulk_again(place: Place) -> float:
    """Milliseconds of one line of a file that was sent before."""
    lines = new_lines(place)
    _bulk(place, lines, LINES)
    return min(_bulk(place, lines, 0) for _ in range(FILES))


def _bulk(place: Place, lines: bytes, new: int) -> float:
    place.connection.close()
    began = time.perf_counter()
    said = json.loads(place.ask("POST", "/alerts/bulk", lines))
    took = 1000 * (time.perf_counter() - began) / LINES
    if (said["new"], said["refused"]) != (new, 0):
        raise Failure(f"a file of {LINES} lines among {place.count:,}: {said}")
    return took


def export(place: Place) -> float:
    """Milliseconds of one line, of the first ones; the client goes before the end."""
    return min(_export(place) for _ in range(FILES))


def _export(place: Place) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", place.running.port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", "/events/export", headers={"authorization": apps.bearer()})
    answer = connection.getresponse()
    count = sum(1 for _ in zip(range(LINES), answer, strict=False))
    took = 1000 * (time.perf_counter() - began) / LINES
    connection.close()
    if count != LINES:
        raise Failure(f"an export among {place.count:,} had {count} lines")
    return took


def open_key(place: Place) -> str:
    """The key of an alert whose incident is not over."""
    return f"key-{place.count - many_rows.TEAMS * place.choose.randrange(many_rows.OPEN // 4)}"


READS: dict[str, Callable[[Place], float]] = {
    "GET /incidents/{id}": get(lambda place: f"/incidents/{place.one()}"),
    "GET /incidents/{id}/responder": get(lambda place: f"/incidents/{place.count}/responder"),
    "GET /incidents?after=": get(lambda place: f"/incidents?after={place.one()}"),
    "GET /incidents/unresolved": get(lambda place: "/incidents/unresolved"),
    "GET /alerts?host=": get(lambda place: f"/alerts?host=host-{place.one() // 200}"),
    "GET /events": get(lambda place: "/events"),
    "GET /events?cursor=": get(lambda place: f"/events?cursor={place.moment()}"),
    "GET /events?dedupe_key=": get(lambda place: f"/events?dedupe_key=key-{place.one()}"),
    "GET /events/export, a line": export,
    "escalation.ask": lambda place: many_rows.inside(place.url, "ask"),
    "retention.keep": lambda place: many_rows.inside(place.url, "keep"),
}
WRITES: dict[str, Callable[[Place], float]] = {
    "PUT /incidents/{id}/resolution": times(
        lambda place: ("PUT", f"/incidents/{place.one()}/resolution", b"")
    ),
    "POST /alerts, new": times(lambda place: ("POST", "/alerts", alert(f"one-{place.new()}"))),
    "POST /alerts, known": times(lambda place: ("POST", "/alerts", alert(open_key(place)))),
    "POST /alerts/bulk, a new line": bulk,
    "POST /alerts/bulk, a known line": bulk_again,
}
OPERATIONS = READS | WRITES
Seen = dict[str, dict[int, list[float]]]
"""Operation → alerts → milliseconds of each round."""


@contextmanager
def places(sizes: list[int]) -> Iterator[list[Place]]:
    """An app on a database of each size; all are stopped at the end, and so is their server."""
    with ExitStack() as stack:
        stack.enter_context(sandbox.server())
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = []
        for count in sizes:
            began = time.perf_counter()
            url, size = many_rows.make(count)
            log = logs / str(count)
            running = stack.enter_context(apps.serve(apps.OURS, url, log))
            made.append(Place(count, url, running, log))
            took = time.perf_counter() - began
            print(f"{count:>9,} alerts: {size / 1e6:,.0f} MB, made in {took:.0f} s", flush=True)
        yield made


def measure(made: list[Place], rounds: int, word: str) -> Seen:
    """Run every round, after one that warms up and is not counted, of operations of this word."""
    order, seen = random.Random(SEED), defaultdict[str, dict[int, list[float]]](dict)
    for number in range(rounds + 1):
        for name, operation in OPERATIONS.items():
            if word not in name:
                continue
            for place in order.sample(made, len(made)):
                took = operation(place)
                asyncio.run(many_rows.end_all(place.url, place.count)) if name in WRITES else None
                if number:
                    seen[name].setdefault(place.count, []).append(took)
    return seen


def ratio(rounds: dict[int, list[float]]) -> float:
    """What the largest costs beside the smallest: the median of each round's own ratio."""
    pairs = zip(rounds[max(rounds)], rounds[min(rounds)], strict=True)
    return statistics.median(large / small for large, small in pairs)


def report(seen: Seen, peaks: dict[int, float]) -> tuple[str, bool]:
    """The table, and whether every cost is flat."""
    lines = [f"{'milliseconds':32}" + "".join(f"{count:>12,}" for count in peaks) + "   ratio"]
    held = True
    for name, rounds in seen.items():
        cells = "".join(f"{statistics.median(each):12.2f}" for _, each in sorted(rounds.items()))
        flat = ratio(rounds) <= FLAT
        held = held and flat
        lines.append(f"{name:32}{cells}{ratio(rounds):8.2f}{'' if flat else '  NOT flat'}")
    grown = peaks[max(peaks)] / peaks[min(peaks)]
    cells = "".join(f"{each:12.0f}" for each in peaks.values())
    steady = grown <= STEADY
    lines.append(f"{'peak of memory, MB':32}{cells}{grown:8.2f}{'' if steady else '  NOT flat'}")
    return "\n".join(lines), held and steady


def draw(seen: Seen, file: Path) -> None:
    """A line for each operation, from the smallest to the largest."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    for number, (name, rounds) in enumerate(seen.items()):
        costs = [statistics.median(rounds[count]) for count in sorted(rounds)]
        line = "-" if number < 10 else "--"  # there are ten colours
        axes.loglog(sorted(rounds), costs, line, marker="o", label=name)
    axes.set(xlabel="alerts", ylabel="milliseconds", title="What an operation costs")
    figure.legend(loc="outside right upper", fontsize="small")
    figure.savefig(file)


def main() -> int:
    """Print the table; 1 where a cost grows, or where there are no figures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--most", type=int, default=SIZES[-1])
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--only", default="", metavar="WORD")
    asked.add_argument("--plot", type=Path)
    given = asked.parse_args()
    sizes = sorted({each for each in SIZES if each < given.most} | {given.most})
    try:
        with places(sizes) as made:
            seen = measure(made, given.rounds, given.only)
            said, flat = report(seen, {place.count: place.peak() for place in made})
    except Failure as failure:
        print(f"No figures: {failure}")
        return 1
    print(said)
    if given.plot:
        draw(seen, given.plot)
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
