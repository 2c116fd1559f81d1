"""What differs between Linux and macOS is in one place, and the other way works too."""

import ast
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook.base import paths, platforms, sockets
from workbook.base.waiting import eventually_sync
from workbook.forkserver import client, loop
from workbook.forkserver.server import ForkServer, spawned
from workbook.postgres import initdb
from workbook.stack import loopback

LINUX_ONLY = {
    "os": {"sched_getaffinity", "pidfd_open", "waitid", "memfd_create", "uname", "eventfd"},
    "sys": {"platform"},
    "signal": {"pidfd_send_signal", "sigtimedwait", "sigwaitinfo"},
    "select": {"epoll"},
    "socket": {"SO_PEERCRED"},
}
MODULES = {"platform", "prctl", "inotify", "ctypes"}
PLACES = ("/proc/", "/dev/shm", "/sys/", "/dev/fd")


def of_one_system(text: str) -> list[str]:
    """What this text uses that some system of ours does not have."""
    tree = ast.parse(text)
    docstrings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    return [found for node in ast.walk(tree) if id(node) not in docstrings for found in _odd(node)]


def _odd(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(ast.Name(owner), name) if name in LINUX_ONLY.get(owner, ()):
            yield f"{owner}.{name}"
        case ast.ImportFrom(module=str(owner), names=names):
            yield from (x.name for x in names if x.name in LINUX_ONLY.get(owner, ()))
            yield from MODULES & {owner}
        case ast.Import(names):
            yield from MODULES & {each.name for each in names}
        case ast.Constant(str(text)) if text.startswith(PLACES):
            yield text


@pytest.mark.parametrize(
    "text",
    [
        "os.sched_getaffinity(0)",
        "from os import waitid",
        "if sys.platform == 'darwin': pass",
        "import platform",
        "Path('/proc/self/status')",
    ],
)
def test_what_one_system_has_is_seen(text: str) -> None:
    assert of_one_system(text)


def test_only_the_room_of_differences_knows_the_system() -> None:
    found = {}
    for path in sorted((paths.ROOT / "workbook").rglob("*.py")):
        if odd := of_one_system(path.read_text("utf-8")):
            found[str(path.relative_to(paths.ROOT))] = odd
    assert set(found) == {"workbook/base/platforms.py"}, found


@pytest.fixture(params=["waitid", "without"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Python 3.11 and 3.12 have no `waitid` on macOS."""
    if request.param == "without":
        monkeypatch.delattr(os, "waitid")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_the_end_of_a_child_is_seen_and_its_status_is_left() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input(); raise SystemExit(3)"], stdin=-1)
    try:
        assert not platforms.is_over(child.pid)
        assert child.stdin
        child.stdin.write(b"\n")
        child.stdin.close()
        assert eventually_sync(lambda: platforms.is_over(child.pid), 10, 0.01)
        assert platforms.is_over(child.pid)
    finally:
        assert child.wait(10) == 3
    with pytest.raises(ChildProcessError):
        platforms.is_over(child.pid)


def test_a_fork_server_tells_the_end_of_its_forks_without_waitid(
    tmp_path: Path,
) -> None:
    """The whole server: a module that it imports ahead takes the function away."""
    (tmp_path / "no_waitid.py").write_text("import os\nif hasattr(os, 'waitid'): del os.waitid\n")
    places = os.pathsep.join([str(paths.ROOT), str(tmp_path)])
    server = ForkServer(spawned(["no_waitid"], {"PYTHONPATH": places}))
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        (tmp_path / "ends.py").write_text(
            "import os\nraise SystemExit(9 if hasattr(os, 'waitid') else 7)\n"
        )
        job = client.Job(
            f"script:{tmp_path / 'ends.py'}",
            (),
            dict(os.environ),
            str(tmp_path),
            takes_group_along=True,
        )
        child = client.run(server.address, job, [nowhere] * 3)
        with contextlib.closing(child):
            assert child.wait(20) == 7
    finally:
        os.close(nowhere)
        server.close()


@pytest.mark.parametrize("refusal", [ProcessLookupError, PermissionError])
def test_a_group_whose_members_have_ended_is_no_error(
    refusal: type[OSError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS `killpg` of such a group is refused; that ended the fork server."""

    def refuses(*_: int) -> None:
        raise refusal

    monkeypatch.setattr(os, "killpg", refuses)
    child = subprocess.Popen(["sleep", "60"])
    here, there = socket.socketpair()
    with here, there:
        loop.Fork(child.pid, here, ends_with_asker=True, takes_group_along=True).kill()
    assert child.wait(10) == -signal.SIGKILL


def test_macos_has_another_locale_and_always_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platforms.has_display({"DISPLAY": ":0"})
    monkeypatch.setattr(sys, "platform", "linux")
    assert not platforms.has_display({})
    assert initdb._locale(15) == ["--locale=C", "--lc-ctype=C.UTF-8"]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert platforms.has_display({})
    assert initdb._locale(15) == ["--locale=C", "--lc-ctype=en_US.UTF-8"]
    assert "--builtin-locale=C.UTF-8" in initdb._locale(18)


@pytest.mark.parametrize("letter", ["x", "ß"])
def test_a_long_temporary_folder_leaves_room_for_a_socket(
    letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is one of bytes: 48 letters can be 90 of them."""
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + 43 * letter)
    longest = len(os.fsencode(sockets.home())) + sockets.LONGEST_NAME_BYTES
    assert longest <= platforms.SOCKET_PATH_BYTES


def test_where_127_0_0_2_cannot_be_had_the_second_address_is_of_ipv6(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """macOS has 127.0.0.1 alone, unless somebody adds another."""

    class Mac(socket.socket):
        def bind(self, address: tuple[str, int]) -> None:  # type: ignore[override]
            if address[0] != "127.0.0.1":
                raise OSError("Can't assign requested address")
            super().bind(address)

    monkeypatch.setattr(loopback.socket, "socket", Mac)
    assert loopback.elsewhere.__wrapped__() == "::1"
