"""One server for many processes, and gone when nobody is left."""

import os
import signal
import time

import psutil
from postgres_fixtures import (
    ATTACH,
    STAY,
    Users,
    keeper_of,
    layout_of,
    port_said,
    until,
)
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import place as place
from postgres_fixtures import server as server
from postgres_fixtures import users as users

from workbook.postgres import of_checkout


def test_a_killed_keeper_is_replaced_at_the_next_attach(server):
    layout = layout_of(server)
    assert until(lambda: keeper_of(layout))
    keeper = keeper_of(layout)
    keeper.kill()
    server.start()
    assert until(lambda: (new := keeper_of(layout)) and new.pid != keeper.pid)


def test_killing_the_last_user_ends_the_server_after_the_grace(place, users: Users):
    first, second = users.start(), users.start()
    assert port_said(first) == port_said(second)
    server = of_checkout()
    first.kill()
    time.sleep(2.5)
    assert server.alive()
    second.kill()
    assert until(lambda: not server.running())
    assert until(lambda: keeper_of(layout_of(server)) is None)


def test_an_interrupt_of_the_whole_group_leaves_server_and_keeper_alone(place, users: Users):
    code = "import os, signal; os.setpgrp(); signal.signal(2, signal.SIG_IGN); " + ATTACH
    user = users.start(code + STAY)
    port_said(user)
    os.killpg(user.pid, signal.SIGINT)
    time.sleep(0.5)
    server = of_checkout()
    assert server.alive()
    assert keeper_of(layout_of(server))


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


def test_attaching_while_the_keeper_stops_the_server_always_ends_with_a_server(place, users: Users):
    port_said(users.start())
    for wait in (0.9, 1.0, 1.1):
        users.started[-1].kill()
        time.sleep(wait)
        port_said(users.start())
        assert of_checkout().alive()


def test_two_processes_starting_at_once_get_one_server(place, users: Users):
    both = [users.start(), users.start()]
    assert len({port_said(user) for user in both}) == 1


def test_two_checkouts_at_once_get_two_servers(place, users: Users):
    one = users.start()
    two = users.start(WORKBOOK_WORK=str(place / "second"))
    assert len({port_said(one), port_said(two)}) == 2


def test_no_process_of_these_tests_is_left():
    def left() -> list[int]:
        found = psutil.process_iter(["cmdline"])
        return [each.pid for each in found if "workbook-test-" in str(each.info["cmdline"])]

    assert until(lambda: not left()), left()
