"""A room on one machine, from nothing: it is opened, two learners work, and neither has the other.

It makes accounts and installs packages, so it is no part of `./wb test`. As root,
`python -m pytest tests/hub/test_hub.py` takes some three minutes, and it runs once a week. Root's
own account is needed and a package index, npm's too.
"""

import asyncio
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
import zmq
from room_hub import PASSWORD, Hub, accounts, gone, processes

from workbook import material
from workbook.base.processes import running
from workbook.base.waiting import eventually_sync
from workbook.postgres.probe import free_port

ANA, BEN = "nwtesta", "nwtestb"
FETCH = material.exercise("00.fetch").solution
FIRST_RIGHT_SECONDS = 180
CROWDED = 4
"""So many processes for each core that want it: then it is measured, and says nothing of us."""
REPORT = {"name": "x", "laptop": "0" * 32, "exercises": []}

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="makes accounts, so it needs root")


async def first_right(hub: Hub) -> str:
    learner = await hub.begins(ANA)
    await learner.run(FETCH)
    shown = await learner.run("await lab.check('00.fetch')")
    await learner.client.aclose()
    return shown.text


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """Opened from nothing, until ANA has a right answer, which takes less than three minutes."""
    folder = Path(tempfile.mkdtemp(dir="/srv", prefix="nw-hub-test-")) / "room"
    folder.parent.chmod(0o755)
    made = Hub(folder, free_port())
    begun, load = time.monotonic(), psutil.getloadavg()[0]
    try:
        print(made.up("--names", f"{ANA} {BEN}"))
        assert "RIGHT" in asyncio.run(first_right(made))
        took = time.monotonic() - begun
        print(f"from nothing to the first RIGHT: {took:.0f} s, load {load:.1f} before")
        assert took < FIRST_RIGHT_SECONDS or load > CROWDED * (os.cpu_count() or 1)
        yield made
    finally:
        if (folder / "hub").exists():
            made.down("--yes")
        shutil.rmtree(folder.parent)


READ = "import sys, pathlib; print(len(pathlib.Path(sys.argv[1]).read_bytes()))"
LIST = "import sys, os; print(os.listdir(sys.argv[1]))"
WRITE = "import sys, pathlib; pathlib.Path(sys.argv[1], 'x').write_text('x')"


def test_a_learner_reads_the_checkout_and_no_folder_of_another(hub: Hub) -> None:
    checkout, home = hub.folder / "checkout", hub.home(ANA)
    assert int(hub.as_learner(BEN, READ, checkout / "wb")) > 0
    assert hub.as_learner(BEN, LIST, home) == "PermissionError"
    assert hub.as_learner(BEN, READ, home / "work/.workbook/progress.json") == "PermissionError"
    assert hub.as_learner(BEN, LIST, hub.folder / "hub") == "PermissionError"
    assert hub.as_learner(BEN, LIST, hub.folder / "board") == "PermissionError"


def test_a_learner_writes_at_home_and_nowhere_else_in_the_room(hub: Hub) -> None:
    checkout = hub.folder / "checkout"
    others = [hub.folder, checkout, checkout / "workbook", checkout / ".venv/bin", hub.home(ANA),
              hub.folder / "proxy", hub.folder / "learners"]  # fmt: skip
    assert {hub.as_learner(BEN, WRITE, each) for each in others} == {"PermissionError"}
    assert hub.as_learner(BEN, WRITE, hub.home(BEN)) == ""


def test_nothing_of_a_learner_lies_open_in_the_folders_for_all(hub: Hub) -> None:
    uid = pwd.getpwnam(ANA).pw_uid
    found = [each for top in ("/tmp", "/var/tmp", "/dev/shm") for each in Path(top).iterdir()]
    open_ones = [each for each in found if each.lstat().st_uid == uid and each.stat().st_mode & 0o7]
    assert open_ones == []


def secrets(hub: Hub) -> set[str]:
    """All that opens something: of the hub, of its proxy, and of each learner's own server."""
    found = {str(hub.settings["instructor_password"])}
    for process in processes(hub.folder):
        for name, value in process.environ().items():
            if name.endswith(("_TOKEN", "PASSWORD")):
                found.add(value)
    for path in hub.folder.glob("learners/*/work/.workbook/postgres-*/passwords.json"):
        found |= set(json.loads(path.read_text("utf-8")).values())
    assert len(found) >= 5, "there are secrets to be kept"
    return found


TYPES = """
import os, resource, sys
os.environ["WORKBOOK_WORK"] = sys.argv[1]
from workbook.checks.nb02 import type_checker
os.chdir(type_checker._cache() / "first")
code, said = type_checker.run_mypy(type_checker.MODELS)
assert (code, said) == (0, ""), said
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)
"""
READING_SECONDS = 3.0
"""CPU seconds: with a cache mypy takes 0.4 on this file, without one 8.5."""


def test_the_types_of_notebook_02_are_read_once_for_all(hub: Hub) -> None:
    """BEN comes after that, and has a copy."""
    asyncio.run(_comes(hub, BEN))
    assert (hub.folder / "types").exists()
    assert float(hub.as_learner(BEN, TYPES, hub.home(BEN) / "work")) < READING_SECONDS


async def _comes(hub: Hub, name: str) -> None:
    learner = await hub.begins(name)
    await learner.client.aclose()


LOOK = """
import psutil
for each in psutil.process_iter():
    try:
        print(" ".join(each.cmdline()))
        print("ENVIRONMENT", each.username(), len(each.environ()))
    except psutil.Error:
        pass
"""


def test_what_a_learner_sees_of_other_processes_holds_no_secret(hub: Hub) -> None:
    seen = hub.as_learner(BEN, LOOK)
    assert "jupyterhub-singleuser" in seen, "command lines are there to be read"
    readable = {line.split()[1] for line in seen.splitlines() if line.startswith("ENVIRONMENT")}
    assert readable == {BEN}
    assert [each for each in secrets(hub) if each in seen] == []


CONNECT = """
import asyncio, sys, asyncpg
async def main():
    connection = await asyncpg.connect(sys.argv[1], timeout=10)
    print(await connection.fetchval("SELECT current_user"))
    await connection.close()
asyncio.run(main())
"""


def test_a_learner_does_not_enter_the_server_of_another(hub: Hub) -> None:
    home = next((hub.home(ANA) / "work/.workbook").glob("postgres-*/passwords.json")).parent
    port, passwords = int((home / "port").read_text()), json.loads(
        (home / "passwords.json").read_text("utf-8"))  # fmt: skip
    right = f"postgresql://workbook:{passwords['admin']}@127.0.0.1:{port}/postgres"
    asyncio.run(_comes(hub, ANA))
    assert hub.as_learner(BEN, CONNECT, right) == "workbook", "the server runs, and lets its own in"
    for wrong in ("nightwatch:guess@", "workbook:@", "postgres:@", ""):
        said = hub.as_learner(BEN, CONNECT, f"postgresql://{wrong}127.0.0.1:{port}/postgres")
        assert said.startswith("asyncpg.exceptions.Invalid"), said


LISTEN = """
import sys, zmq
socket = zmq.Context().socket(zmq.SUB)
socket.subscribe(b"")
socket.connect(f"tcp://127.0.0.1:{sys.argv[1]}")
print("connected", flush=True)
print(socket.recv_multipart() if socket.poll(8000) else "nothing")
"""


def test_a_learner_does_not_hear_what_the_kernel_of_another_shows(hub: Hub) -> None:
    async def work() -> tuple[str, str]:
        learner = await hub.begins(ANA)
        runtime = hub.home(ANA) / ".local/share/jupyter/runtime"
        noted = max(runtime.glob("kernel-*.json"), key=lambda each: each.stat().st_mtime)
        port = json.loads(noted.read_text("utf-8"))["iopub_port"]
        hearing = asyncio.to_thread(hub.as_learner, BEN, LISTEN, port)
        task = asyncio.create_task(hearing)
        for _ in range(6):
            shown = await learner.run("print('for ana alone')")
            await asyncio.sleep(1)
        return shown.text, await task

    shown, heard = asyncio.run(work())
    assert "for ana alone" in shown
    assert heard == "connected\nnothing"


def test_without_keys_whoever_listens_would_hear_it(hub: Hub) -> None:
    """The test above can fail: a socket that publishes without keys is heard by the same code."""
    publisher = zmq.Context().socket(zmq.PUB)
    port = publisher.bind_to_random_port("tcp://127.0.0.1")

    async def work() -> str:
        task = asyncio.create_task(asyncio.to_thread(hub.as_learner, BEN, LISTEN, port))
        while not task.done():
            publisher.send(b"for ana alone")
            await asyncio.sleep(0.1)
        return await task

    assert "for ana alone" in asyncio.run(work())


def test_a_learner_does_not_open_the_jupyterlab_of_another(hub: Hub) -> None:
    async def work() -> list[int]:
        ben = await hub.enters(BEN)
        through_the_hub = await ben.client.get(f"/user/{ANA}/lab")
        (server,) = [each for each in processes(hub.folder) if _is_server(each, ANA)]
        direct = server.environ()["JUPYTERHUB_SERVICE_URL"]
        async with httpx.AsyncClient(trust_env=False) as client:
            past_it = await client.get(f"{direct}api/contents")
        await ben.client.aclose()
        return [through_the_hub.status_code, past_it.status_code]

    assert asyncio.run(work()) == [403, 403]


def _is_server(process: psutil.Process, name: str) -> bool:
    return process.username() == name and "jupyterhub-singleuser" in " ".join(process.cmdline())


@pytest.mark.parametrize(
    ("name", "password"),
    [(ANA, "another word"), ("instructor", PASSWORD), ("root", PASSWORD), ("nobody", PASSWORD)],
)
def test_nobody_enters_under_the_name_of_another(hub: Hub, name: str, password: str) -> None:
    with pytest.raises(Exception, match="may not enter"):
        asyncio.run(hub.enters(name, password))


def test_the_board_is_the_instructors_alone(hub: Hub) -> None:
    async def work() -> None:
        ben = await hub.enters(BEN)
        for path in ("", "wall/", "events", "wall/events", "board.js"):
            assert (await ben.client.get(f"/services/board/{path}")).status_code == 403, path
        await ben.client.aclose()
        teacher = await hub.enters("instructor", hub.settings["instructor_password"])
        assert (await teacher.client.get("/services/board/")).status_code == 200
        board, wall = [await _picture(teacher, path) for path in ("events", "wall/events")]
        assert {each["name"] for each in board["people"]} >= {ANA}
        (ana,) = [each for each in board["people"] if each["name"] == ANA]
        assert ana["exercises"]["00.fetch"]["verdict"] == "right"
        assert ANA not in json.dumps(wall)
        await teacher.client.aclose()

    asyncio.run(work())


async def _picture(learner: object, path: str) -> dict[str, object]:
    client: httpx.AsyncClient = learner.client  # type: ignore[attr-defined]
    await client.get("/services/board/")
    async with client.stream("GET", f"/services/board/{path}") as stream:
        async for line in stream.aiter_lines():
            return dict(json.loads(line.removeprefix("data: ")))
    raise AssertionError("the board shows nothing")


def test_nobody_reports_in_the_name_of_another(hub: Hub) -> None:
    async def work() -> None:
        ben = await hub.begins(BEN)
        await ben.client.aclose()
        (server,) = [each for each in processes(hub.folder) if _is_server(each, BEN)]
        token = server.environ()["JUPYTERHUB_API_TOKEN"]
        teacher = await hub.enters("instructor", hub.settings["instructor_password"])
        before = await _picture(teacher, "events")
        said = {"Authorization": f"token {token}"}
        async with httpx.AsyncClient(base_url=hub.address, trust_env=False) as client:
            for headers, body, status in (
                (said, json.dumps(REPORT | {"name": ANA}).encode(), 204),
                ({}, json.dumps(REPORT).encode(), 403),
                ({"Authorization": "token guess"}, json.dumps(REPORT).encode(), 403),
                (said, b"[]", 422),
                (said, b'{"name": "<b>x</b>"}', 422),
            ):
                answer = await client.post("/services/board/report", content=body, headers=headers)
                assert answer.status_code == status, body
            with pytest.raises(AssertionError):
                large = await client.post(
                    "/services/board/report", content=bytes(100_000_000), headers=said
                )
                assert large.status_code == 204
        after = await _picture(teacher, "events")
        await teacher.client.aclose()
        rows = [
            [each["exercises"] for each in view["people"] if each["name"] == ANA]  # type: ignore[union-attr]
            for view in (before, after)
        ]
        assert rows[0] == rows[1]
        assert len(rows[1]) == 1
        assert {each["name"] for each in after["people"]} <= {ANA, BEN}  # type: ignore[attr-defined]

    asyncio.run(work())


def servers(name: str) -> list[psutil.Process]:
    """JupyterLab's servers under this account."""
    found = running("cmdline", "username")
    mine = [each for each in found if each.info["username"] == name]
    return [
        each for each in mine if "jupyterhub-singleuser" in " ".join(each.info["cmdline"] or [])
    ]


def test_a_server_that_nobody_uses_is_ended_and_its_work_is_kept(hub: Hub) -> None:
    """By the hub's own service and with its rights, after a second in the place of hours."""

    async def work() -> None:
        learner = await hub.begins(BEN)
        await learner.run("open('kept.txt', 'w').write('mine')")
        await learner.client.aclose()

    asyncio.run(work())
    assert servers(BEN)
    [service] = [each for each in processes(hub.folder) if "idle_culler" in str(each.cmdline())]
    command = [each for each in service.cmdline() if not each.startswith("--timeout")]
    hurried = [*command, "--timeout=1", "--cull-every=1"]
    culler = subprocess.Popen(hurried, env=service.environ(), user=service.uids().real)
    try:
        assert eventually_sync(lambda: not servers(BEN), 60, 0.5)
    finally:
        culler.terminate()
        culler.wait(10)
    assert (hub.home(BEN) / "work" / "kept.txt").read_text() == "mine"
    assert service.is_running()


def test_a_room_that_is_closed_opens_again_with_everybodys_work(hub: Hub) -> None:
    hub.down("--keep")
    assert gone(hub.folder)
    assert set(accounts(hub.folder)) >= {ANA, BEN}
    hub.up("--names", ANA)
    with pytest.raises(Exception, match="may not enter"):
        asyncio.run(hub.enters(ANA, "another word"))

    async def work() -> str:
        learner = await hub.begins(ANA)
        shown = await learner.run("import subprocess\nprint(subprocess.getoutput('wb status'))")
        await learner.client.aclose()
        return shown.text

    assert "1 of 3 right" in asyncio.run(work())
    assert BEN in hub.settings["learners"], "who was there before is there still"


def test_a_forgotten_password_is_forgotten_by_the_hub_too(hub: Hub) -> None:
    async def work() -> None:
        teacher = await hub.enters("instructor", hub.settings["instructor_password"])
        page = await teacher.client.get("/hub/admin")
        headers = {"X-XSRFToken": teacher.xsrf("/hub/"), "Referer": str(page.url)}
        for method, status in (("DELETE", 204), ("POST", 201)):
            address = f"/hub/api/users/{BEN}"
            answer = await teacher.client.request(method, address, headers=headers)
            assert answer.status_code == status, answer.text
        await teacher.client.aclose()
        with pytest.raises(Exception, match="may not enter"):
            await hub.enters(BEN, "short")
        ben = await hub.enters(BEN, "quite another word")
        await ben.client.aclose()

    asyncio.run(work())


def test_what_is_removed_leaves_nothing(hub: Hub) -> None:
    uids = {pwd.getpwnam(each).pw_uid for each in accounts(hub.folder)}
    assert len(uids) == 5
    assert processes(hub.folder)
    hub.down("--yes")
    assert not hub.folder.exists()
    assert accounts(hub.folder) == []
    assert gone(hub.folder, 5)
    running = [each for each in psutil.process_iter(["uids"]) if each.info["uids"].real in uids]
    assert running == []
    tops = map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/home"))
    left = [each for top in tops for each in top.iterdir() if each.lstat().st_uid in uids]
    assert left == []
