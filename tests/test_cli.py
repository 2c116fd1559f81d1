"""The commands of `wb`: sentences for people, exit codes for scripts, and never a traceback."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import made_material
import psutil
import pytest
from typer.testing import CliRunner

from workbook import material, postgres, workspace
from workbook.authoring import sandbox
from workbook.base import paths, ports
from workbook.base.problem import Problem
from workbook.cli import commands, db, errors, install, jupyter, launch, numbers, presenting
from workbook.lab import lifecycle
from workbook.workspace import copies

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    root, lessons = tmp_path / "root", tmp_path / "material"
    (root / "notebooks").mkdir(parents=True)
    lessons.mkdir()
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(lessons))
    for number, stem in (("00", "00_first"), ("01", "01_second")):
        (root / "notebooks" / f"{stem}.ipynb").write_text('{"cells": []}')
        made_material.write(lessons, stem, {"app.py": f"at = {number!r}\n"})


def wb(*arguments: str):
    return CliRunner().invoke(commands.app, list(arguments))


@pytest.mark.parametrize("spelling", ["1", "01", "01_second", "work/01_second.ipynb"])
def test_a_notebook_may_be_named_in_many_ways(spelling):
    assert numbers.parse_optional(spelling) == "01"


@pytest.mark.parametrize("spelling", ["7", "x", "", "../.."])
def test_an_unknown_notebook_gets_a_sentence_that_names_the_others(spelling):
    said = wb("reset", spelling)
    assert said.exit_code == 1
    assert "There are: 00, 01." in said.output


def test_reset_and_undo_say_what_they_did():
    wb("update")
    (paths.myapp()).mkdir()
    (paths.myapp() / "app.py").write_text("mine\n")
    assert "myapp/app.py is as it was at the start." in wb("reset", "01").output
    assert "myapp/app.py is back." in wb("undo").output
    assert (paths.myapp() / "app.py").read_text() == "mine\n"


def test_catching_up_counts_the_files():
    said = wb("catch-up", "01").output
    assert "As notebook 01 needs it:\n  myapp/app.py\n" in said
    assert "Right already: 0. Written: 1. Taken away: 0.\nBack: ./wb undo\n" in said
    assert "Next: ./wb lab 01" in said
    assert "undo" not in wb("catch-up", "01").output


def test_the_undo_of_a_first_catch_up_takes_away_what_it_wrote():
    wb("catch-up", "01")
    assert "myapp/app.py is gone, as it was then." in wb("undo").output
    assert not (paths.myapp() / "app.py").exists()
    assert "myapp/app.py" in wb("redo").output
    assert (paths.myapp() / "app.py").exists()


def test_status_knows_where_the_learner_caught_up_to():
    wb("catch-up", "01")
    assert "Next: 01 " in wb("status").output
    wb("undo")
    assert "Next: 00 " in wb("status").output


def test_undo_says_what_the_next_one_takes_back():
    wb("catch-up", "01")
    wb("catch-up", "00")
    assert "Further back, before catch-up-01 (" in wb("undo").output
    assert "Further back" not in wb("undo").output


def test_update_says_when_there_is_nothing_new():
    assert "00_first.ipynb is new." in wb("update").output
    assert "Every notebook is up to date." in wb("update").output


def test_status_tells_how_far_the_learner_is():
    workspace.record("00.get", "right", "")
    workspace.record("01.get", "not yet", "")
    said = wb("status").output
    assert "1 of 2 exercises are right." in said
    assert "not yet: 01.get" in said
    assert "Next: 01 Title 01" in said
    assert "JupyterLab is not running." in said


def test_the_first_page_is_the_one_asked_for_or_the_first_unfinished():
    copies.fill()
    assert launch.first_page("01") == "01_second.ipynb"
    assert launch.first_page(None) == "00_first.ipynb"
    workspace.record("00.get", "right", "")
    assert launch.first_page(None) == "01_second.ipynb"


def test_a_second_lab_says_where_the_first_one_is(capsys):
    copies.fill()
    me = psutil.Process(os.getppid())
    note = {"pid": me.pid, "since": me.create_time(), "port": 8899, "token": "secret"}
    (paths.state() / "lab.json").write_text(json.dumps(note))
    assert launch.lab("01", None, False, None) == 0
    said = capsys.readouterr().out
    assert "already running" in said
    assert "http://127.0.0.1:8899/lab/tree/01_second.ipynb?token=secret" in said
    assert (paths.state() / "lab.json").exists()


def test_the_lab_ends_with_a_sentence_and_no_child_where_postgres_cannot_start(monkeypatch):
    stopped = []

    def attach(choice):
        raise postgres.PostgresProblem("There is no room for PostgreSQL.")

    monkeypatch.setattr(postgres, "attach", attach)
    monkeypatch.setattr(jupyter, "start", lambda address, page, look: "child")
    monkeypatch.setattr(jupyter, "stop", stopped.append)
    monkeypatch.setattr(launch, "_listen_to_signals", lambda: None)
    with pytest.raises(postgres.PostgresProblem) as problem:
        launch.lab(None, None, False, None)
    assert errors.user_message(problem.value) == "There is no room for PostgreSQL."
    assert stopped == ["child"]
    assert not (paths.state() / "lab.json").exists()


def test_a_jupyterlab_that_ends_at_once_is_quoted():
    jupyter.log_path().parent.mkdir(parents=True)
    jupyter.log_path().write_text("first\nlast words\n")
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    child.wait()
    with pytest.raises(launch.LabProblem, match=r"last words\nRun \./wb doctor"):
        launch._answering([child], jupyter.Address(1, 0.0, 1, "secret", fixed=True), None)


def test_jupyter_reads_its_own_folders_and_keeps_the_token_out_of_the_command_line(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "/somebody/elses")
    monkeypatch.setenv("NO_PROXY", "example.org")
    address = jupyter.Address(1, 0.0, 8899, "secret", fixed=True)
    jupyter._configure(address, "00_first.ipynb")
    config = paths.state() / "jupyter" / "config" / "jupyter_server_config.json"
    read = json.loads(config.read_text())
    assert config.stat().st_mode & 0o077 == 0
    assert read["ServerApp"]["default_url"] == "/lab/tree/00_first.ipynb"
    assert read["ServerApp"]["ip"] == "127.0.0.1"
    assert read["ServerApp"]["port_retries"] == 0
    env = jupyter._environment()
    assert "JUPYTER_PATH" not in env
    assert env["JUPYTER_CONFIG_DIR"] == str(config.parent)
    assert env["NO_PROXY"] == "example.org,127.0.0.1,localhost,::1"
    assert "secret" not in env.values()


def test_a_container_names_the_token_and_where_to_listen(monkeypatch):
    monkeypatch.setenv("WORKBOOK_TOKEN", "a token/of one's own")
    monkeypatch.setenv("WORKBOOK_LAB_IP", "0.0.0.0")
    address, ours = jupyter.claim(None)
    assert ours
    assert address.url(None).endswith("/lab?token=a%20token%2Fof%20one%27s%20own")
    jupyter._configure(address, None)
    config = paths.state() / "jupyter" / "config" / "jupyter_server_config.json"
    server = json.loads(config.read_text())["ServerApp"]
    assert server["ip"] == "0.0.0.0"
    assert not server["allow_remote_access"]


def test_a_presenters_jupyterlab_has_large_type_and_settings_of_its_own():
    address, _ = jupyter.claim(None)
    home = paths.state() / "jupyter"
    jupyter._configure(address, "01_second.ipynb", presenting.LOOK)
    read = json.loads((home / "config" / "jupyter_server_config.json").read_text())["LabApp"]
    assert read["user_settings_dir"] == str(home / "present" / "settings")
    assert "--jp-code-font-size" in (home / "config" / "custom" / "custom.css").read_text()
    (layout,) = (home / "present" / "workspaces").glob("*.jupyterlab-workspace")
    assert (
        json.loads(layout.read_text())["data"]["layout-restorer:data"]["left"]["visible"] is False
    )
    jupyter._configure(address, "01_second.ipynb")
    read = json.loads((home / "config" / "jupyter_server_config.json").read_text())["LabApp"]
    assert read["user_settings_dir"] == str(home / "settings")
    assert "--jp-code-font-size" not in (home / "config" / "custom" / "custom.css").read_text()
    assert not (home / "workspaces").exists()


def test_the_solved_notebook_is_presented_from_a_fresh_copy(monkeypatch):
    pages = []
    (paths.ROOT / "solutions").mkdir()
    (paths.ROOT / "solutions" / "01_second.ipynb").write_text("solved")
    monkeypatch.setattr(launch, "lab", lambda *given: pages.append(given[-1]) or 0)
    for _ in range(2):
        assert wb("present", "01", "--solved").exit_code == 0
        copy = paths.work() / "solved" / "01_second.solved.ipynb"
        assert copy.read_text() == "solved"
        copy.write_text("tried on the wall")
    wb("present", "01")
    assert pages == ["solved/01_second.solved.ipynb"] * 2 + [None]


def test_the_solution_is_presented_beside_its_notebook(monkeypatch):
    given = []
    (paths.ROOT / "solutions").mkdir()
    (paths.ROOT / "solutions" / "01_second.ipynb").write_text("solved")
    monkeypatch.setattr(launch, "lab", lambda *told: given.append(told[-1]) or 0)
    assert wb("present", "01", "--beside").exit_code == 0
    (look,) = given
    areas = look.layout["layout-restorer:data"]["main"]["dock"]["children"]
    shown = [look.layout[name]["data"]["path"] for area in areas for name in area["widgets"]]
    assert shown == ["01_second.ipynb", "solved/01_second.solved.ipynb"]
    assert (paths.work() / shown[1]).read_text() == "solved"
    assert (
        "--jp-code-font-size: clamp(11px" in look.style
        and not look.layout["layout-restorer:data"]["left"]["visible"]
    )


def test_a_lab_that_runs_is_not_presented(monkeypatch):
    monkeypatch.setattr(jupyter, "running", lambda: jupyter.Address(4711, 0.0, 8899, "secret"))
    monkeypatch.setattr(launch, "lab", lambda *_: 1 / 0)
    said = wb("present", "1")
    assert "already running" in str(said.exception) and "4711" in str(said.exception)


def test_a_learners_own_settings_of_jupyterlab_stay():
    path = paths.state() / "jupyter/settings/@jupyterlab/docmanager-extension"
    path.mkdir(parents=True)
    settings = path / "plugin.jupyterlab-settings"
    settings.write_text('{"autosave": false}')
    jupyter._configure(jupyter.Address(1, 0.0, 8899, "secret"), None)
    assert settings.read_text() == '{"autosave": false}'


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (postgres.PostgresProblem("No room."), "No room."),
        (workspace.NothingToUndo("Nothing to undo."), "Nothing to undo."),
        (ports.PortTaken("Port 1 is taken."), "Port 1 is taken."),
        (launch.LabProblem("JupyterLab stopped."), "JupyterLab stopped."),
        (install.InstallProblem("No network."), "No network."),
        (Problem("A sentence."), "A sentence."),
        (PermissionError(13, "Permission denied", "/x/y"), "/x/y: Permission denied. Put that"),
        (FileNotFoundError("It is missing. Do this."), "It is missing. Do this."),
        (ModuleNotFoundError("m", name="rich"), "rich is missing"),
        (ModuleNotFoundError("m", name="workbook.proof.validate"), "no workbook.proof.validate"),
    ],
)
def test_problems_of_known_kinds_are_sentences(error, words):
    assert words in errors.user_message(error)


def test_a_fault_of_our_own_keeps_its_traceback():
    assert errors.user_message(ZeroDivisionError("x")) is None
    assert errors.user_message(KeyError("x")) is None


def test_undo_with_nothing_to_undo_is_a_sentence_and_exit_code_1():
    said = subprocess.run(
        [sys.executable, "-m", "workbook", "undo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("There is nothing to undo")
    assert "Traceback" not in said.stderr


def test_help_loads_neither_jupyter_nor_a_database_driver():
    code = (
        "import sys, workbook.cli.commands;"
        "print([m for m in ('asyncpg', 'psutil') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT) == "[]\n"


def test_the_database_is_that_of_the_notebook():
    assert db.database("01") == "nightwatch_01"
    assert db.database(None) == "nightwatch_00"


@pytest.fixture
def cluster(monkeypatch):
    """A folder for the server that its own account may enter, gone afterwards."""
    with sandbox.work() as own:
        monkeypatch.setenv("WORKBOOK_CLUSTER", own["WORKBOOK_WORK"] + "/cluster")
        yield


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_real_lab_answers_and_leaves_no_process_however_it_ends(
    ending, cluster, tmp_path, monkeypatch
):
    monkeypatch.setenv("WORKBOOK_POSTGRES", "embedded")
    monkeypatch.setenv("WORKBOOK_KEEP_SECONDS", "1")
    said = tmp_path / "said"
    command = [sys.executable, "-m", "workbook", "lab", "--no-browser"]
    with said.open("w") as output:
        wb = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    try:
        url = until(lambda: address_in(said, wb), 90)[1]
        family = psutil.Process(wb.pid).children(recursive=True)
        assert opens(url), f"{said.read_text()}\n{jupyter.log_tail(99)}"
        wb.send_signal(ending)
        assert wb.wait(30) == (-ending if ending == signal.SIGKILL else 0)
        assert until(lambda: not [each for each in family if alive(each)], 40)
    finally:
        wb.kill()


def opens(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError):
        return opener.open(url, timeout=20).status == 200
    return False


def address_in(said: Path, wb: subprocess.Popen) -> re.Match | None:
    assert wb.poll() is None, said.read_text()
    return re.search(r"this page:\s+(http://127\S+)\n", said.read_text())


def test_a_port_that_was_asked_for_and_is_taken_meanwhile_is_named(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        children = labs_at(taken, taken, monkeypatch)
        with pytest.raises(launch.LabProblem, match=f"port {taken} is not available"):
            launch._answering(children, jupyter.running(), None)
        assert len(children) == 1


def test_another_port_is_taken_also_where_it_is_lost_at_the_last_moment(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        children = labs_at(taken, None, monkeypatch)
        jupyter.stop(children[0])  # as one does that found the port free, and could not take it
        try:
            found = launch._answering(children, jupyter.running(), None)
            assert found == jupyter.running()
            assert found.port != taken and jupyter.answers(found)
        finally:
            jupyter.stop(children[-1])
        assert len(children) == 2


def labs_at(port, wanted, monkeypatch) -> list[subprocess.Popen]:
    monkeypatch.setattr(ports, "choose", lambda wanted: port)
    address, _ = jupyter.claim(wanted)
    paths.work().mkdir(exist_ok=True)
    return [jupyter.start(address, None)]


def until(true, seconds: float):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
    return found


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_catching_up_to_an_earlier_notebook_names_what_it_takes_away():
    wb("catch-up", "01")
    said = wb("catch-up", "00").output
    assert "Taken away, since a notebook from 00 on writes it:\n  myapp/app.py\n" in said


def test_a_notebook_with_conflict_marks_is_named_by_every_command_that_meets_it():
    (paths.ROOT / "notebooks" / "01_second.ipynb").write_text("<<<<<<< HEAD\n{}\n")
    words = "notebooks/01_second.ipynb cannot be handed out: git has left conflict marks in it."
    update, reset, catch_up = wb("update"), wb("reset", "01"), wb("catch-up", "01")
    assert (update.exit_code, reset.exit_code, catch_up.exit_code) == (1, 1, 0)
    assert errors.user_message(reset.exception).startswith(words)
    assert words in update.output
    assert words in catch_up.output
    assert words in wb("status").output
    assert not (paths.work() / "01_second.ipynb").exists()
    assert (paths.work() / "00_first.ipynb").exists()


CANNOT = "notebooks/01_second.ipynb cannot be handed out: git has left conflict marks in it."


def test_lab_names_a_notebook_with_conflict_marks_before_it_opens_another(monkeypatch):
    (paths.ROOT / "notebooks" / "01_second.ipynb").write_text("<<<<<<< HEAD\n{}\n")
    paths.work().mkdir()
    jupyter.claim(None)
    monkeypatch.setattr(jupyter, "claim", lambda port: (jupyter.running(), False))
    said = wb("lab")
    assert said.exit_code == 0
    assert said.output.index(CANNOT) < said.output.index("JupyterLab")


def test_the_start_of_a_notebook_names_another_with_conflict_marks(monkeypatch, capsys):
    (paths.ROOT / "notebooks" / "01_second.ipynb").write_text("<<<<<<< HEAD\n{}\n")

    async def answered(*_: object) -> str:
        return "18.1"

    monkeypatch.setattr(lifecycle, "_make_database", answered)
    session = SimpleNamespace(
        number="00",
        book=material.notebook("00"),
        checks=SimpleNamespace(warm=lambda: None),
        observer=SimpleNamespace(value=answered),
        server=SimpleNamespace(kind="embedded"),
        database="nightwatch_00",
    )
    asyncio.run(lifecycle.open_notebook(session))
    assert CANNOT in capsys.readouterr().out


def test_damaged_progress_is_told_once_by_status():
    paths.state().mkdir(parents=True)
    (paths.state() / "progress.json").write_text('{"00.get": ')
    assert "The file progress.json was damaged" in wb("status").output
    assert "was damaged" not in wb("status").output
