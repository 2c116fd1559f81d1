"""An installation that never destroys: moved folders, changed lists, kills, and no network."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from straw import (
    BASE,
    PROGRAMS,
    checkout,
    environment,
    prefix,
    quick_pip,
    stamp,
    wb,
    wheels_of_straw,
)

from workbook.cli.setup import sources


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    return wheels_of_straw(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module", autouse=True)
def quick(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in quick_pip(tmp_path_factory.mktemp("pip")).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory, wheels):
    """An installation, to be copied: as if its folder had been moved."""
    folder = checkout(tmp_path_factory.mktemp("made") / "one", wheels / PROGRAMS)
    prefix(wb(folder, wheels))
    return folder


def copied(made: Path, folder: Path) -> Path:
    """Another folder with all that is in this one."""
    shutil.copytree(made, folder, symlinks=True)
    return folder


def version(folder: Path) -> str:
    """What the installed script says from where it lies."""
    script = folder / ".venv" / "bin" / "straw"
    return subprocess.check_output([script], text=True).split()[-1]


@pytest.mark.parametrize("name", ["elsewhere", "mit einem Leerzeichen", "it's (1)", "x" * 140])
def test_a_moved_folder_is_mended_in_place_without_a_network(made, tmp_path, name):
    moved = copied(made, tmp_path / name)
    said = wb(moved, None)
    assert prefix(said) == str(moved / ".venv")
    assert "This folder was moved" in said.stderr
    assert "Making .venv" not in said.stderr
    out = subprocess.check_output([moved / ".venv" / "bin" / "straw"], text=True)
    assert out.split(" ", 1)[0] == str(moved / ".venv" / "bin" / "straw").split(" ", 1)[0]
    assert f"{moved}/.venv" in out
    assert str(made) not in (moved / ".venv" / "bin" / "activate").read_text()
    assert wb(moved, None).stderr == ""


def test_a_folder_moved_into_one_whose_path_holds_the_old_one(made, tmp_path):
    """Mended again after an interruption, a path is not replaced within itself."""
    moved = copied(made, Path(f"{tmp_path}{made}"))
    known = stamp(moved).read_text()
    prefix(wb(moved, None))
    stamp(moved).write_text(known)
    assert prefix(wb(moved, None)) == str(moved / ".venv")
    assert version(moved) == "1"


def test_a_changed_list_without_a_network_goes_on_with_the_packages_of_before(made, tmp_path):
    folder = copied(made, tmp_path / "a")
    prefix(wb(folder, None))
    (folder / "requirements.txt").write_text("straw==3.0\n")
    said = wb(folder, None)
    assert prefix(said) == str(folder / ".venv")
    assert "goes on with those of before" in said.stderr
    assert "No matching distribution" in said.stderr
    assert version(folder) == "1"
    assert wb(folder, None).stderr == ""  # it does not try again each time


def test_a_changed_list_leaves_the_environment_whole_until_the_new_one_is(made, wheels, tmp_path):
    folder = copied(made, tmp_path / "a")
    prefix(wb(folder, None))
    (folder / "requirements.txt").write_text("straw==2.0\n")
    hangs = tmp_path / "hangs"
    env = environment(wheels, STRAW_HANGS=str(hangs))
    running = subprocess.Popen([BASE, folder / "wb"], env=env, start_new_session=True)
    try:
        for _ in range(600):
            if hangs.exists():
                break
            time.sleep(0.05)
        assert version(folder) == "1"
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert version(folder) == "1"
    assert prefix(wb(folder, wheels)) == str(folder / ".venv")
    assert version(folder) == "2"
    assert not [*folder.glob(".venv.new"), *folder.glob(".venv.old")]


@pytest.mark.parametrize("other", [".venv.old", ".venv.new"])
def test_a_kill_between_two_renames_leaves_one_that_is_put_back(made, tmp_path, other):
    folder = copied(made, tmp_path / "a")
    prefix(wb(folder, None))
    (folder / ".venv").rename(folder / other)
    assert prefix(wb(folder, None)) == str(folder / ".venv")
    assert version(folder) == "1"


def test_what_a_changed_list_replaces_is_not_written_through_its_links(made, wheels, tmp_path):
    folder = copied(made, tmp_path / "a")
    prefix(wb(folder, None))
    before = copied(folder, tmp_path / "before")
    kept = {each: each.read_bytes() for each in before.rglob("*") if each.is_file()}
    (folder / "requirements.txt").write_text("straw==2.0\n")
    prefix(wb(folder, wheels))
    assert version(folder) == "2"
    assert kept == {each: each.read_bytes() for each in kept}


def test_an_interpreter_that_was_updated_in_its_place_changes_nothing(made, tmp_path):
    folder = copied(made, tmp_path / "a")
    prefix(wb(folder, None))
    known = json.loads(stamp(folder).read_text())
    stamp(folder).write_text(json.dumps(known | {"python": "/usr/local/python3.11.0"}))
    said = wb(folder, None)
    assert prefix(said) == str(folder / ".venv")
    assert "Making" not in said.stderr


def test_the_wheels_beside_wb_are_taken_and_no_network(made, wheels, tmp_path):
    folder = checkout(tmp_path / "on a stick", wheels / PROGRAMS)
    shutil.copytree(wheels, folder / "wheels")
    said = wb(folder, None, PIP_FIND_LINKS="/nowhere", PIP_INDEX_URL="http://127.0.0.1:9/simple")
    assert prefix(said) == str(folder / ".venv")
    assert "takes them from wheels/" in said.stderr
    assert "network" not in said.stderr
    assert version(folder) == "1"


def test_wheels_for_another_python_say_which(tmp_path):
    folder = checkout(tmp_path / "a")
    (folder / "wheels").mkdir()
    for name in ("asyncpg-1-cp37-cp37-any.whl", "asyncpg-1-cp38-cp38-any.whl"):
        (folder / "wheels" / name).write_bytes(b"")
    said = wb(folder, None)
    assert said.returncode == 1
    assert "it was made for 3.7, 3.8" in said.stderr


def test_programs_for_an_older_python_lie_apart_and_run(made):
    program = made / ".venv" / "postgres" / "programs" / "bin" / "postgres"
    assert subprocess.check_output([program], text=True) == "postgres of straw\n"
    assert not list((made / ".venv" / "lib").rglob("programs*"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-postgres.txt"])
def test_the_marks_of_a_conflict_in_a_list_are_named(tmp_path, wheels, name):
    folder = checkout(tmp_path, wheels / PROGRAMS)
    listed = folder / name
    listed.write_text(f"<<<<<<< HEAD\n{listed.read_text()}=======\n>>>>>>> theirs\n")
    said = wb(folder, wheels)
    assert said.returncode == 1
    assert f"{name} holds the marks of a git conflict" in said.stderr
    assert f"git checkout HEAD -- {name}" in said.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"PIP_USER": "1"},
        {"PIP_TARGET": "elsewhere"},
        {"PIP_PREFIX": "elsewhere"},
        {"PIP_ROOT": "elsewhere"},
        {"PIP_DRY_RUN": "1"},
        {"PIP_REQUIRE_VIRTUALENV": "1"},
        {"UV_TARGET": "elsewhere", "UV_PYTHON": "3.9", "UV_SYSTEM_PYTHON": "1"},
        {"in pip.conf": "user = true"},
        {"in pip.conf": "target = elsewhere"},
        {"in pip.conf": "require-virtualenv = true"},
    ],
    ids=lambda each: " ".join(map(": ".join, each.items())),
)
def test_settings_of_pip_and_uv_do_not_decide_where_packages_go(tmp_path, wheels, settings):
    folder = checkout(tmp_path / "here", wheels / PROGRAMS)
    given = {k: str(tmp_path / v) if v == "elsewhere" else v for k, v in settings.items()}
    if line := given.pop("in pip.conf", ""):
        file = tmp_path / "pip.conf"
        file.write_text(f"[global]\n{line.replace('elsewhere', str(tmp_path / 'elsewhere'))}\n")
        given["PIP_CONFIG_FILE"] = str(file)
    assert prefix(wb(folder, wheels, **given)) == str(folder / ".venv")
    assert version(folder) == "1"
    assert not (tmp_path / "elsewhere").exists()


def test_caches_lie_in_the_checkout_where_home_is_read_only(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = sources.environment(Path(BASE), None, tmp_path / "in")
    assert found["UV_CACHE_DIR"].startswith(str(tmp_path / "in"))
    assert found["PIP_CACHE_DIR"].startswith(str(tmp_path / "in"))


def test_programs_with_another_hash_are_refused(wheels, tmp_path):
    folder = checkout(tmp_path / "a", wheels / PROGRAMS)
    hashes = folder / "requirements-postgres.txt"
    hashes.write_text(re.sub("[0-9a-f]{64}", "0" * 64, hashes.read_text()))
    said = wb(folder, wheels)
    assert said.returncode == 1
    assert "not the one that was written down" in said.stderr
