"""What a room on one machine costs: `sudo .venv/bin/python benchmarks/hub.py LEARNERS SECONDS`.

`deploy/hub/up` opens a room in a folder of its own, so many learners come within 20 seconds, start
notebook 00, and check its exercises until the time is over, about one in six seconds each. It
prints waiting times, memory (PSS: what several share is divided among them), CPU seconds and the
machine's load, and removes the room. One process of this program is all the browsers.
"""

import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from hub_learners import Learner, Refused
from tornado.httpclient import HTTPClientError

from workbook import material
from workbook.base import paths
from workbook.postgres.probe import free_port

SPREAD, PAUSE, SAMPLE_SECONDS = 20.0, 6.0, 5.0
PASSWORD = "a word of theirs"
KINDS = {
    "jupyterhub-singleuser": "JupyterLab", "ipykernel_launcher": "kernel",
    "workbook.forkserver": "check server", "workbook.postgres.reaper": "reaper",
    "postgres": "PostgreSQL", "configurable-http-proxy": "proxy", "hub.service": "board",
    "idle_culler": "culler", "jupyterhub_config": "hub",
}  # fmt: skip
ONCE = ("hub", "proxy", "board", "culler")


@dataclass
class Seen:
    """What the learners and the machine showed."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    failed: list[str] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    """Kind → MB of PSS, in the sample in which all together was most."""
    cpu: dict[int, tuple[str, float]] = field(default_factory=dict)
    """Process → its kind, and its CPU seconds when it was seen last."""
    loads: list[float] = field(default_factory=list)


async def attend(learner: Learner, seen: Seen, end: float, chance: random.Random) -> None:
    """One learner, from the door to the last check."""
    await asyncio.sleep(chance.uniform(0, SPREAD))
    begun = time.monotonic()
    try:
        await learner.sign_in(PASSWORD)
        await learner.open_server()
        seen.waits["server, from the login on"].append(time.monotonic() - begun)
        await learner.open_kernel("00_first_query.ipynb")
        started = await learner.run("from workbook import start\nlab = await start('00')")
        seen.waits["start cell"].append(started.seconds)
        seen.waits["all of the arrival"].append(time.monotonic() - begun)
        await check_until(learner, seen, end, chance)
    except (Refused, TimeoutError, OSError, httpx.HTTPError, HTTPClientError) as error:
        seen.failed.append(f"{learner.name}: {type(error).__name__} {error}"[:200])
    finally:
        await learner.client.aclose()


async def check_until(learner: Learner, seen: Seen, end: float, chance: random.Random) -> None:
    exercises = [each for each in material.notebook("00").exercises if not each.path]
    for each in exercises:
        await learner.run(each.solution)
    while time.monotonic() < end:
        await asyncio.sleep(chance.expovariate(1 / PAUSE))
        shown = await learner.run(f"await lab.check({chance.choice(exercises).id!r})")
        seen.waits["check"].append(shown.seconds)
        seen.verdicts[shown.text.split(" · ")[0] or shown.error] += 1


def kind(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((name for part, name in KINDS.items() if part in words), "else")


def sample(folder: Path, uids: set[int], seen: Seen) -> None:
    """Memory and CPU of the room's processes, at this moment."""
    memory: dict[str, float] = defaultdict(float)
    for process in psutil.process_iter(["uids"]):
        try:
            ours = process.info["uids"].real in uids or str(folder) in " ".join(process.cmdline())
            if not ours or process.pid == os.getpid():
                continue
            name, times = kind(process), process.cpu_times()
            memory[name] += process.memory_full_info().pss / 2**20
            seen.cpu[process.pid] = name, times.user + times.system
        except psutil.Error:
            continue
    if sum(memory.values()) > sum(seen.memory.values()):
        seen.memory = memory
    seen.loads.append(psutil.getloadavg()[0])


async def watch(folder: Path, uids: set[int], seen: Seen) -> None:
    while True:
        await asyncio.to_thread(sample, folder, uids, seen)
        await asyncio.sleep(SAMPLE_SECONDS)


async def measured(address: str, folder: Path, count: int, seconds: float) -> Seen:
    seen, chance = Seen(), random.Random(2026)
    uids = {each.stat().st_uid for each in (folder / "learners").iterdir()}
    watching = asyncio.create_task(watch(folder, uids, seen))
    end = time.monotonic() + seconds
    learners = [Learner(address, f"room{number:02}") for number in range(1, count + 1)]
    await asyncio.gather(
        *(attend(each, seen, end, random.Random(chance.random())) for each in learners)
    )
    watching.cancel()
    return seen


def at(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(seen: Seen, count: int, load: float) -> str:
    arrived = len(seen.waits["all of the arrival"]) or 1
    lines = [
        f"{count} learners on {os.cpu_count()} cores; load {load:.1f} before, "
        f"{at(seen.loads, 0.5):.1f} in the middle, {max(seen.loads):.1f} at most; "
        f"{arrived} arrived"
    ]
    for name, values in seen.waits.items():
        lines.append(f"{name}: {len(values)}, p50 {statistics.median(values):.2f} s, "
                     f"p95 {at(values, 0.95):.2f} s, at most {max(values):.2f} s")  # fmt: skip
    lines.append(f"verdicts: {dict(seen.verdicts)}")
    once = sum(seen.memory.get(each, 0) for each in ONCE)
    for name, megabytes in sorted(seen.memory.items(), key=lambda each: -each[1]):
        share = "once" if name in ONCE else f"{megabytes / arrived:.0f} a learner"
        lines.append(f"memory, {name}: {megabytes:.0f} MB, {share}")
    each = (sum(seen.memory.values()) - once) / arrived
    lines.append(f"memory: {once:.0f} MB once and {each:.0f} MB a learner")
    cpu: dict[str, float] = defaultdict(float)
    for name, used in seen.cpu.values():
        cpu[name] += used
    shares = ", ".join(f"{name} {used:.0f}" for name, used in sorted(cpu.items()))
    lines.append(f"CPU seconds: {sum(cpu.values()):.0f}, of processes that were seen: {shares}")
    return "\n".join([*lines, *seen.failed])


async def call(program: str, folder: Path, *options: str) -> None:
    command = paths.ROOT / "deploy" / "hub" / program
    process = await asyncio.create_subprocess_exec(command, "--folder", folder, *options)
    async with asyncio.timeout(600):
        assert await process.wait() == 0, f"{program} failed"


async def main(count: int, seconds: float) -> None:
    top = Path(tempfile.mkdtemp(dir="/srv", prefix="nw-hub-bench-"))
    top.chmod(0o755)
    port, folder = free_port(), top / "room"
    try:
        await call("up", folder, "--learners", str(count), "--port", str(port))
        load = psutil.getloadavg()[0]
        print(
            report(await measured(f"http://127.0.0.1:{port}", folder, count, seconds), count, load)
        )
    finally:
        if (folder / "hub").exists():
            await call("down", folder, "--yes")
        shutil.rmtree(top)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
