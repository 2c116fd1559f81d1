"""What a fork server forks is as a process of its own."""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.base import programs
from workbook.base.processes import running
from workbook.base.waiting import eventually_sync
from workbook.forkserver import client, preload, records
from workbook.forkserver.client import Job
from workbook.forkserver.server import ForkServer, forked_from, spawned
from workbook.proof import warm

ASKS = """
import os, sys
print(sys.argv[1:], os.environ.get("GIVEN"), os.environ.get("OWNERS"), os.getcwd())
print("alembic.command" in sys.modules, "fastapi" in sys.modules, sys.stdin.read())
print("bad news", file=sys.stderr)
sys.exit(3)
"""
WAITS = """
import os, sys, time
try:
    print(os.getpid(), flush=True)
    while True:
        time.sleep(0.1)
except KeyboardInterrupt:
    sys.exit(7)
"""
"""Python 3.15 acts on a signal when a function or a turn of a loop begins; one that comes between
the `print` and a single long sleep would wait for the end of that sleep."""
ENDS = {
    "a sentence": "import sys; sys.exit('a sentence')",
    "at the end": "import atexit, os; atexit.register(os.write, 2, b'at the end')",
    "a thread": "import threading, time, os\n"
    "threading.Thread(target=lambda: (time.sleep(0.2), os.write(2, b'a thread'))).start()",
    "ZeroDivisionError": "1 / 0",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "": "import sys; sys.exit(-1)",
}
"""What a module of its own does at its end, and what is to be read on stderr."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A fork server with what the first notebooks need."""
    address = tmp_path_factory.mktemp("f") / "00"
    made = ForkServer(spawned(preload.modules("00"), {"OWNERS": "private"}), address)
    yield made
    made.close()


TAKES_AWAY = """
import os, signal
os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1))
"""


def test_a_fork_lives_where_a_library_takes_its_wakeup_descriptor_away(
    tmp_path: Path,
) -> None:
    """asyncio does so from Python 3.12 on."""
    (tmp_path / "takes_away.py").write_text(TAKES_AWAY)
    server = ForkServer(spawned(["takes_away"], {"PYTHONPATH": str(tmp_path)}))
    null = os.open(os.devnull, os.O_RDWR)
    job = Job("call:workbook.base.paths:work", (), dict(os.environ), "/")
    child = client.ask(server.address, job, [null] * 3)
    assert child.begun().wait(10) == 0
    child.close()
    server.close()
    os.close(null)


@pytest.fixture
def relay(server: ForkServer) -> list[str]:
    """The command that stands for what this server forks."""
    return shlex.split(warm.relay(server.address))


def module(folder: Path, text: str) -> list[str]:
    (folder / "asked_for.py").write_text(text, "utf-8")
    return ["module:asked_for", "one", "03"]


def test_it_has_its_own_arguments_environment_folder_and_streams(
    relay: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [*relay, *module(tmp_path, ASKS)],
        cwd=tmp_path,
        env={"GIVEN": "1"},
        input="told",
        capture_output=True,
        text=True,
        timeout=30,
    )
    first = f"['one', '03'] 1 None {tmp_path.resolve()}"
    assert done.stdout.splitlines() == [first, "True False told"], done.stderr
    assert (done.returncode, done.stderr) == (3, "bad news\n")


@pytest.mark.parametrize("said", ENDS)
def test_it_ends_as_a_process_of_its_own_ends(said: str, relay: list[str], tmp_path: Path) -> None:
    module(tmp_path, ENDS[said])
    ways = [sys.executable, "-m", "asked_for"], [*relay, "module:asked_for"]
    own, forked = (
        subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
        for command in ways
    )
    assert said in forked.stderr and said in own.stderr
    ended_by_a_signal = 128 - own.returncode if own.returncode < 0 else own.returncode
    assert forked.returncode == ended_by_a_signal


@pytest.mark.parametrize("size", [30_000, 40_000, 700_000])
def test_a_request_of_any_size_arrives_whole(size: int, relay: list[str], tmp_path: Path) -> None:
    text = "import os, sys; print(len(os.environ['LONG']), len(sys.argv[1]))"
    environment = {"LONG": "x" * (size // 10)} | {f"N{n}": "y" * (size // 10) for n in range(9)}
    done = subprocess.run(
        [*relay, *module(tmp_path, text)[:1], "z" * 100_000],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout.split() == [str(size // 10), "100000"], done.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 7), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_it_ends_as_whoever_asked_for_it_is_told(
    number: signal.Signals, code: int, relay: list[str], tmp_path: Path
) -> None:
    command = [*relay, *module(tmp_path, WAITS)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        fork = psutil.Process(int(asked.stdout.readline()))
        os.kill(asked.pid, number)
        assert asked.wait(10) == code
        assert psutil.wait_procs([fork], timeout=10)[1] == []


def test_it_ends_where_whoever_asked_is_gone_before_it_is_told(
    server: ForkServer, tmp_path: Path
) -> None:
    told, tells = os.pipe()
    job = Job(module(tmp_path, WAITS)[0], (), {}, str(tmp_path))
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(server.address))
        client.send(asking, job, [tells] * 3)
    os.close(tells)
    with os.fdopen(told) as said:
        pid = said.readline()  # nothing, where it has ended before it could say something
        assert said.read() == "", "what holds the other end of this pipe has ended"
    with contextlib.suppress(psutil.NoSuchProcess):
        if pid:
            assert psutil.wait_procs([psutil.Process(int(pid))], timeout=10)[1] == []


def test_it_goes_on_where_it_is_to_outlive_who_asked(server: ForkServer, tmp_path: Path) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    job = Job(module(tmp_path, WAITS)[0], (), {}, str(tmp_path), outlives_asker=True)
    child = client.run(server.address, job, [null, null, null])
    child.close()
    fork = psutil.Process(child.pid)
    with pytest.raises(psutil.TimeoutExpired):
        fork.wait(0.3)
    fork.kill()
    assert psutil.wait_procs([fork], timeout=10)[1] == []
    os.close(null)


def test_a_request_that_is_cut_off_starts_nothing_and_the_next_one_is_served(
    server: ForkServer, relay: list[str], tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(server.address))
        asking.sendall((100).to_bytes(client.LENGTH, "big") + b'{"target":')
        asking.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionError):
            client.Child(asking).begun(10)
    done = subprocess.run([*relay, *module(tmp_path, "print(1)")], cwd=tmp_path, timeout=30)
    assert done.returncode == 0


def test_a_server_forked_from_another_has_its_imports_and_adds_its_own(server: ForkServer) -> None:
    made = ForkServer(forked_from(server.address, ["this"]))
    told, tells = os.pipe()
    code = (
        "import sys; print('alembic.command' in sys.modules, 'this' in sys.modules, 'json.tool' in"
        " sys.modules)"
    )
    child = client.run(made.address, Job("call:builtins:exec", (code,), {}, "/"), [0, tells, tells])
    os.close(tells)
    with os.fdopen(told) as said:
        assert said.read() == "True True False\n"
    assert child.wait(10) == 0
    child.close()
    made.close()
    assert not made.address.parent.exists()


def our_servers() -> set[int]:
    """The process ids of the fork servers that this process has started."""
    ours = [p for p in running("ppid", "cmdline") if p.info["ppid"] == os.getpid()]
    return {p.pid for p in ours if "workbook.forkserver" in (p.info["cmdline"] or [])}


def test_it_ends_with_its_owner_and_leaves_no_file() -> None:
    before = our_servers()  # this process may be the first of a container, with the number 1
    made = ForkServer(spawned([]))
    assert eventually_sync(lambda: our_servers() - before, 10)  # a new process has no words yet
    place, mine = made.address.parent, our_servers() - before
    assert len(mine) == 1 and place.exists()
    made.close()
    assert not place.exists()
    assert not any(map(psutil.pid_exists, mine))


def test_it_ends_also_where_its_owner_is_killed_and_takes_its_socket_along() -> None:
    code = (
        "import time; from workbook.forkserver.server import ForkServer, spawned;"
        "print(ForkServer(spawned([])).address, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        address = Path(owner.stdout.readline().strip())
        server = psutil.Process(owner.pid).children()
        owner.kill()
    assert psutil.wait_procs(server, timeout=10)[1] == []
    assert not address.parent.exists()


FORKS_ITSELF = """
import sys
from workbook.forkserver import client, preload
from workbook.forkserver.server import ForkServer, forked_here

preload.load(["colorsys", "fractions"])
made = ForkServer(forked_here(lambda: sys.modules.pop("colorsys")))
code = "import sys; print('colorsys' in sys.modules, 'fractions' in sys.modules)"
child = client.run(made.address, client.Job("call:builtins:exec", (code,), {}, "/"), [0, 1, 2])
child.wait(10)
made.close()
print(made.address.parent.exists())
"""


def test_a_process_that_has_loaded_its_modules_forks_itself_and_forgets_what_it_is_told() -> None:
    command = [sys.executable, "-c", FORKS_ITSELF]
    null = subprocess.DEVNULL
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, stdin=null)
    assert done.stdout.split() == ["False", "True", "False"], done.stderr


def test_loaded_means_that_this_process_has_done_so() -> None:
    code = (
        "from alembic import command; from workbook.forkserver import preload;"
        "print(preload.is_loaded()); preload.load([]); print(preload.is_loaded())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_records_tell_the_forks_of_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(records.sessions(tmp_path)) == []
    monkeypatch.setenv("WORKBOOK_FORK_RECORDS", str(tmp_path))
    records.note(12, {"WORKBOOK_WORK": "/one"}, "alembic")
    records.note(13, {"WORKBOOK_WORK": "/two"}, "uvicorn")
    assert list(records.sessions(Path("/one"))) == [(12, "alembic")]


@pytest.mark.parametrize("words", ["--version", "-c nowhere.ini current", "upgrade head 2>&-"])
def test_alembic_in_a_shell_is_as_its_own_script(
    server: ForkServer, tmp_path: Path, words: str
) -> None:
    own, folder = programs.folder(), server.address.parent
    scripts = folder / "bin" if (folder / "bin").exists() else Path(warm.scripts(folder))
    said = [_shell(f"alembic {words}", tmp_path, path) for path in (own, f"{scripts}:{own}")]
    assert said[0] == said[1]
    assert Path(scripts, "alembic").is_file() and said[0] != ("", "", 127)


def _shell(command: str, folder: Path, path: str) -> tuple[str, str, int]:
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={"PATH": f"{path}:{os.defpath}"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize("along", [True, False])
def test_what_it_leaves_in_its_group_ends_with_it_where_that_is_asked_for(
    along: bool, server: ForkServer, tmp_path: Path
) -> None:
    told, tells = os.pipe()
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid); sys.exit(3)"
    job = Job("call:builtins:exec", (code,), dict(os.environ), "/", takes_group_along=along)
    child = client.run(server.address, job, [0, tells, tells])
    os.close(tells)
    assert child.wait(10) == 3
    child.close()
    number = int(os.read(told, 100))
    os.close(told)
    assert eventually_sync(lambda: not _runs(number), 2) is along
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(number).kill()


def _runs(number: int) -> bool:
    """Whether it is there and not ended; whoever is the first process may reap it at any moment."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(number).status() != "zombie"
    return False
