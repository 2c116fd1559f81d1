"""The ground: folders that appear whole, locks that their holder's death frees, programs first."""

import asyncio
import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.base import port_leases, programs
from workbook.base.locks import Lock, held
from workbook.base.sync import run_coroutine
from workbook.base.waiting import cancel_and_wait, eventually_sync
from workbook.base.whole import put_in_place, remove_half_made, whole_folder
from workbook.postgres import probe
from workbook.workspace import files


def test_a_folder_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "new"
    with whole_folder(target) as beside:
        (beside / "file").write_text("whole")
        assert not target.exists()
    assert (target / "file").read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_could_not_be_filled_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "new") as beside:
        (beside / "file").write_text("half")
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_the_first_of_two_who_make_a_folder_wins(tmp_path):
    with pytest.raises(OSError), whole_folder(tmp_path / "new") as late:
        with whole_folder(tmp_path / "new") as early:
            (early / "file").write_text("first")
        (late / "file").write_text("second")
    assert (tmp_path / "new" / "file").read_text() == "first"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def order(monkeypatch):
    """What is flushed and what is renamed, as it comes."""
    seen, flush, rename = [], os.fsync, os.replace

    def flushed(fd):
        seen.append(("on the disk", Path(f"/proc/self/fd/{fd}").readlink().name))
        flush(fd)

    def renamed(old, new):
        seen.append(("renamed", Path(new).name))
        rename(old, new)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    return seen


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux tells a descriptor's file")
def test_what_gets_its_name_is_on_the_disk_before_and_its_name_after(tmp_path, order):
    files.write(tmp_path / "answer.json", "{}")
    (first, made), renamed, last = order
    assert (first, made[:13]) == ("on the disk", ".answer.json.")
    assert renamed == ("renamed", "answer.json")
    assert last == ("on the disk", tmp_path.name)
    order.clear()
    with whole_folder(tmp_path / "entry", lasting=True) as beside:
        (beside / "file").touch()
    assert order == [
        ("on the disk", beside.name), ("renamed", "entry"), ("on the disk", tmp_path.name),
    ]  # fmt: skip


def test_a_disk_that_flushes_no_folder_is_no_reason_to_fail(tmp_path, monkeypatch):
    def refuse(_fd):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    (tmp_path / "new").write_text("new")
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"


def test_what_cannot_be_flushed_for_want_of_room_leaves_the_old_file(tmp_path, monkeypatch):
    files.write(tmp_path / "old", "old")

    def full(_fd):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(tmp_path / "old", "new")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_what_a_killed_maker_left_is_removed_and_nothing_else(tmp_path):
    target, other = tmp_path / "new", tmp_path / "newer"
    making = whole_folder(target), whole_folder(other)
    left, kept = (each.__enter__() for each in making)
    target.mkdir()
    remove_half_made(target)
    assert sorted(tmp_path.iterdir()) == sorted([target, kept])
    assert left != kept


def test_a_lock_is_taken_by_one_or_shared_by_many(tmp_path):
    mine, yours = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert mine.try_take(shared=True) and yours.try_take(shared=True)
    assert Lock(tmp_path / "lock").is_taken()
    yours.free()
    assert mine.try_take() and not yours.try_take(shared=True)
    mine.free()
    assert not yours.is_taken()


def test_holding_a_lock_is_given_up_with_a_sentence_that_names_it(tmp_path):
    late = held(Lock(tmp_path / "lock"), seconds=0.05)
    with held(Lock(tmp_path / "lock")), pytest.raises(TimeoutError, match="lock for 0 seconds"):
        late.__enter__()
    assert not Lock(tmp_path / "lock").is_taken()


def test_a_lock_that_was_not_to_be_made_says_which_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError) as missing:
        Lock(tmp_path / "lock", create=False).try_take()
    assert missing.value.filename == str(tmp_path / "lock")


def test_a_killed_holder_and_a_forked_child_hold_nothing(tmp_path):
    code = (
        "import os, sys, time; from pathlib import Path; from workbook.base.locks import Lock\n"
        "lock = Lock(Path(sys.argv[1])); lock.take()\n"
        "child = os.fork() or time.sleep(60)\n"
        "print(child, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    child = int(holder.stdout.readline())
    assert Lock(tmp_path / "lock").is_taken()
    holder.kill()
    holder.wait(10)  # not to the end of its output: the child holds that
    try:
        free = eventually_sync(lambda: not Lock(tmp_path / "lock").is_taken(), 10)
        assert free, "the child lets go of it as soon as it runs"
    finally:
        os.kill(child, 9)


def test_our_programs_come_first(monkeypatch):
    assert programs.search_path({"PATH": "/usr/bin"}) == f"{programs.folder()}{os.pathsep}/usr/bin"
    assert programs.search_path({}).endswith(os.defpath)


def test_a_coroutine_runs_to_its_end_also_inside_a_running_loop():
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    async def asked() -> int:
        return run_coroutine(answer)

    assert run_coroutine(answer) == asyncio.run(asked()) == 42


def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    async def deaf() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    async def run() -> bool:
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await cancel_and_wait(task, 0.05)
        return task.cancelled()

    assert asyncio.run(run())


def test_a_port_that_a_process_was_given_is_no_other_ones_until_it_ends() -> None:
    """Two servers were started at once on one port: chosen by both while nobody listened there."""
    port = probe.free_port()
    ask = f"from workbook.base import port_leases; print(port_leases.take({port}))"

    def another() -> str:
        return subprocess.run(
            [sys.executable, "-c", ask], capture_output=True, text=True, timeout=30, check=True
        ).stdout.strip()

    assert another() == "False"
    assert not port_leases.take(port)
    child = os.fork()
    if not child:
        os.closerange(3, 256)  # as a child of a fork server ends: our lease outlives its copy
        os._exit(0)
    os.waitpid(child, 0)
    assert another() == "False"
    free = probe.free_port()
    holder = f"from workbook.base import port_leases; assert port_leases.take({free + 12000})"
    subprocess.run([sys.executable, "-c", holder], timeout=30, check=True)
    assert port_leases.take(free + 12000)
