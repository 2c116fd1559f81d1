"""The reference app beside the usual recipe and the floor under both: ratios, interleaved.

`python benchmarks/api.py [ROUNDS]` starts six apps on one server and one database, each a uvicorn
of one process, and loads one at a time: each round goes through three workloads, and through the
apps in a new order. It prints medians over the rounds, the app's ratios to its peers, and which
goals held; the ratios are what carries over to another machine. An answer that is no 2xx ends it.
The first time it installs what the peers need beside the workbook's packages, in their own folder.
"""

import asyncio
import itertools
import random
import signal
import sys
from collections.abc import Iterator, Sequence

from benchmarks import apps, figures, load

ROUNDS, SECONDS, WARM_UP = 8, 1.5, 0.7
SEED = 20261124
HEAD = f"{{}} HTTP/1.1\r\nHost: bench\r\nAuthorization: {apps.bearer()}\r\n"
POST = HEAD.format("POST /users") + "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n"


def get(path: str) -> bytes:
    return (HEAD.format(f"GET {path}") + "\r\n").encode()


def new_users() -> Iterator[bytes]:
    """Requests that each add somebody with an email that nobody has."""
    body = '{{"name": "Zoë", "email": "zoe{0:08}@x.test", "login": "zoe{0:08}", "team_id": 1}}'
    head = POST.format(len(body.format(0).encode()))
    return ((head + body.format(number)).encode() for number in itertools.count())


def workloads() -> dict[str, Iterator[bytes]]:
    """The requests of each workload, without end."""
    one = [get(f"/users/{number}") for number in range(1, apps.USERS + 1)]
    random.Random(SEED).shuffle(one)
    page = [get("/users?limit=50")]
    return {"GET": itertools.cycle(one), "page": itertools.cycle(page), "POST": new_users()}


def spell(app: apps.Running, requests: Iterator[bytes], seconds: float) -> figures.Spell:
    """Load one app once; raises Failure with its name."""
    before = app.cpu()
    try:
        seen = asyncio.run(load.run(app.port, requests, seconds))
    except load.Failure as failure:
        raise load.Failure(f"{app.app.name}: {failure}") from None
    return figures.Spell.of(seen, app.cpu() - before)


def measure(rounds: int, wanted: Sequence[apps.App] = apps.APPS) -> figures.Figures:
    """Run every round, after one that warms up and is not counted."""
    order, found = random.Random(SEED), figures.Figures()
    requests = workloads()
    with apps.running(wanted) as running:
        for number in range(rounds + 1):
            for name, stream in requests.items():
                for app in order.sample(running, len(running)):
                    got = spell(app, stream, SECONDS if number else WARM_UP)
                    if number:
                        found.add(name, app.app.name, got)
    return found


def main() -> int:
    """Print the figures; 1 where there are none, with a sentence that says why."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print(figures.report(measure(rounds), rounds, SECONDS))
    except load.Failure as failure:
        print(f"No figures: {failure}")
        return 1
    except KeyboardInterrupt:
        print("Stopped: no figures.")
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
