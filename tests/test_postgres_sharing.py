"""One server for many processes, and gone when nobody is left."""

import os
import signal
import subprocess
import time

import pytest
from postgres_fixtures import (
    ATTACH,
    STAY,
    Users,
    layout_of,
    pid_of,
    port_said,
    reaper_of,
    until,
)
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import place as place
from postgres_fixtures import server as server
from postgres_fixtures import users as users

from workbook.base.processes import running
from workbook.postgres import of_checkout, process
from workbook.postgres.layout import Layout
from workbook.postgres.locks import ServerLock
from workbook.postgres.reaper import close_down


def test_a_killed_keeper_is_replaced_at_the_next_attach(server):
    layout = layout_of(server)
    assert until(lambda: reaper_of(layout))
    reaper = reaper_of(layout)
    reaper.kill()
    server.start()
    assert until(lambda: (new := reaper_of(layout)) and new.pid != reaper.pid)


def test_killing_the_last_user_ends_the_server_after_the_grace(place, users: Users):
    first, second = users.start(), users.start()
    assert port_said(first) == port_said(second)
    server = of_checkout()
    gone(first)
    assert ServerLock(layout_of(server).users).is_taken()  # which is what keeps it alive
    assert server.alive()
    gone(second)
    assert until(lambda: not server.running())
    assert until(lambda: reaper_of(layout_of(server)) is None)


def gone(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.wait()


def test_an_interrupt_of_the_whole_group_leaves_server_and_reaper_alone(place, users: Users):
    code = "import os, signal; os.setpgrp(); signal.signal(2, signal.SIG_IGN); " + ATTACH
    user = users.start(code + STAY)
    port_said(user)
    server = of_checkout()
    assert until(lambda: reaper_of(layout_of(server)))
    others = [pid_of(server), reaper_of(layout_of(server)).pid]
    assert user.pid not in map(os.getpgid, others)
    os.killpg(user.pid, signal.SIGINT)
    assert server.alive()
    assert reaper_of(layout_of(server))


def test_a_forked_child_does_not_hold_the_server(place, users: Users):
    user = users.start(
        ATTACH
        + "import os, time\nif os.fork() == 0: os.closerange(0, 3); time.sleep(6); os._exit(0)\n"
        + STAY
    )
    port_said(user)
    server = of_checkout()
    user.kill()
    assert until(lambda: not server.running(), 6)


@pytest.fixture
def in_the_reapers_place(place, users: Users) -> tuple[Layout, ServerLock]:
    """A server that nobody uses, and the lock of its reaper, whose part the test plays."""
    user = users.start(WORKBOOK_KEEP_SECONDS="60")
    port_said(user)
    layout = layout_of(of_checkout())
    assert until(lambda: reaper_of(layout))
    reaper_of(layout).kill()
    own = ServerLock(layout.reaper)
    assert own.take()
    gone(user)
    return layout, own


def test_who_comes_while_the_reaper_stops_the_server_gets_a_new_one(
    in_the_reapers_place, users: Users, monkeypatch
):
    layout, own = in_the_reapers_place
    before, end = process.running(layout.data), process.end

    def end_while_somebody_comes(*args, **options):
        user = users.start("print('here', flush=True); " + ATTACH + STAY)
        assert user.stdout.readline() == "here\n"
        end(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(process, "end", end_while_somebody_comes)
        assert close_down(layout, own)
    port_said(users.started[-1])
    assert of_checkout().alive()
    assert process.running(layout.data) != before
    assert until(lambda: reaper_of(layout))


@pytest.mark.parametrize("lock", ["users", "starting"])
def test_the_reaper_leaves_the_server_to_whoever_was_quicker(lock, in_the_reapers_place):
    layout, own = in_the_reapers_place
    quicker = ServerLock(getattr(layout, lock))
    assert quicker.try_take(shared=lock == "users")
    assert not close_down(layout, own)
    assert process.running(layout.data)
    quicker.free()
    assert close_down(layout, own)
    assert not process.running(layout.data)


def test_the_reaper_outlives_a_lock_that_it_cannot_open_for_a_moment(place, users: Users):
    user = users.start(WORKBOOK_KEEP_SECONDS="1")
    port_said(user)
    layout = layout_of(of_checkout())
    assert until(lambda: reaper_of(layout))
    aside = layout.users.with_suffix(".aside")
    layout.users.rename(aside)
    layout.users.mkdir()  # root may open whatever it likes, but no folder as a file
    user.kill()
    time.sleep(2.5)
    assert reaper_of(layout), "it is still there"
    assert process.running(layout.data), "and stops nothing that it knows nothing of"
    layout.users.rmdir()
    aside.rename(layout.users)
    assert until(lambda: not process.running(layout.data))
    assert until(lambda: not reaper_of(layout))


def test_two_processes_starting_at_once_get_one_server(place, users: Users):
    both = [users.start(), users.start()]
    assert len({port_said(user) for user in both}) == 1


def test_two_checkouts_at_once_get_two_servers(place, users: Users):
    one = users.start()
    two = users.start(WORKBOOK_WORK=str(place / "second"))
    assert len({port_said(one), port_said(two)}) == 2


def test_no_process_of_these_tests_is_left():
    def left() -> list[int]:
        found = running("cmdline")
        return [each.pid for each in found if "workbook-test-" in str(each.info["cmdline"])]

    assert until(lambda: not left()), left()
