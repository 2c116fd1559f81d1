"""Which Python makes `.venv`, which machines have none, and what other accounts can reach."""

import json
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from straw import BASE, ROOT, checkout, prefix, quick_pip, stamp, wb, wheels_of_straw

from workbook.cli import install
from workbook.cli.doctor import parts
from workbook.cli.setup import accounts, advice, machines, pythons, sources
from workbook.cli.setup.pythons import NEWEST, OLDEST, Python

SAYS = """#!/bin/sh
[ "$1" = -c ] && { echo '[[3, 15], "/opt/python3.15", true]'; exit; }
echo "3.15 was asked for: $2"
"""
HERE = sys.version_info[:2]


def made(program: str, version: tuple[int, int], complete: bool = True) -> Python:
    return Python(program, version, program, complete)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine of straw: its own Python first, then those on its PATH."""

    def with_pythons(mine: Python, *others: Python, named: bool = False) -> tuple[str, str]:
        known = {str(tmp_path / Path(each.program).name): each for each in others}
        for program in known:
            Path(program).touch(mode=0o755)
        monkeypatch.setattr(pythons, "_asked", lambda program: known.get(program, mine))
        monkeypatch.setattr(pythons, "_is_named", lambda: named)
        monkeypatch.setenv("PATH", str(tmp_path))
        return pythons.better()

    monkeypatch.setattr(accounts, "_is_open", lambda path: "closed" not in str(path))
    monkeypatch.setattr(sources, "WHEELS", tmp_path / "wheels")
    return with_pythons


def test_the_newest_that_is_proved_is_taken(machine):
    found = machine(made("python3", (3, 11)), *(made(f"python3.{n}", (3, n)) for n in (12, 15, 13)))
    assert found == (
        "python3.15",
        "Python 3.11 (python3) is not the newest here; "
        "the workbook goes on with Python 3.15 (python3.15).",
    )


def test_the_newest_stays(machine):
    assert machine(made("python3", (3, 15)), made("python3.14", (3, 14))) == ("", "")


def test_one_without_what_an_environment_is_made_with_is_not_taken(machine):
    assert machine(made("python3", (3, 13)), made("python3.15", (3, 15), complete=False)) == (
        "",
        "",
    )


def test_one_that_cannot_make_an_environment_gives_way_to_an_older_one(machine):
    found = machine(made("python3", (3, 15), complete=False), made("python3.12", (3, 12)))
    assert found[0] == "python3.12"
    assert "is none that the workbook is proved with" in found[1]


def test_one_that_is_newer_than_all_proved_gives_way_or_is_told_of(machine):
    newer = made("python3", (3, NEWEST[1] + 1))
    program, why = machine(newer)
    assert program == ""
    assert why.startswith("The workbook is proved with Python 3.11 to 3.15, and goes on with")
    assert why.endswith("python3.15 wb lab")
    assert machine(newer, made("python3.14", (3, 14)))[0] == "python3.14"
    assert machine(newer, made("python3.14", (3, 14)), named=True) == ("", why)


def test_one_that_was_named_stays(machine):
    assert machine(made("x", (3, 12)), made("python3.15", (3, 15)), named=True) == ("", "")


def test_one_that_others_can_reach_is_taken_in_a_folder_that_they_can_open(machine):
    found = machine(made("/closed/python3", (3, 14)), made("python3.11", (3, 11)))
    assert found[0] == "python3.11"
    assert found[1].startswith("Other accounts can open this folder, and not Python 3.14")


def test_of_a_kit_one_is_taken_that_it_was_made_for(machine, tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "asyncpg-1-cp312-cp312-any.whl").touch()
    others = [made(f"python3.{n}", (3, n)) for n in (12, 14)]
    assert machine(made("python3", (3, 11)), *others)[0] == "python3.12"


@pytest.mark.parametrize(
    ("first", "named"),
    [("python3", False), ("python3.13", True), ("/usr/bin/python3", True), ("python", True)],
)
def test_a_python_is_named_by_its_version_or_its_path(monkeypatch, first, named):
    monkeypatch.setattr(sys, "orig_argv", [first, "wb"])
    assert pythons._is_named() is named


def test_wb_itself_goes_on_with_it_before_anything_is_made(tmp_path):
    (tmp_path / "python3").symlink_to(BASE)
    (tmp_path / "python3.15").write_text(SAYS)
    (tmp_path / "python3.15").chmod(0o755)
    (tmp_path / "python3.14").write_text("#!/bin/sh\nexit 127\n")  # like a shim with no version
    (tmp_path / "python3.14").chmod(0o755)
    folder = checkout(tmp_path / "a")
    said = wb(folder, None, "status", python="python3", PATH=str(tmp_path))
    if HERE < NEWEST:
        assert said.stdout == "3.15 was asked for: status\n", said.stderr
        assert f"goes on with Python 3.15 ({tmp_path}/python3.15)." in said.stderr
    else:
        assert "goes on with" not in said.stderr


def test_the_versions_are_those_that_ci_runs():
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")
    listed = [f'"3.{minor}"' for minor in range(OLDEST[1], NEWEST[1] + 1)]
    assert f"python: [{', '.join(listed)}]" in text


@pytest.mark.parametrize("system", ["nt", "cygwin"])
def test_windows_gets_the_way_step_by_step(system):
    code = f"""
import os, runpy, sys
sys.argv = ["wb", "lab"]
{'os.name = "nt"' if system == "nt" else 'sys.platform = "cygwin"'}
runpy.run_path("wb", run_name="__main__")
"""
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 1
    assert said.stderr.isascii()
    for step in ("wsl --install", "sudo apt install", f"wslpath '{ROOT}'", "python3 wb lab"):
        assert step in said.stderr
    assert "docker compose up --build" in said.stderr and "Codespaces" in said.stderr
    assert "Traceback" not in said.stderr


def test_musl_and_32_bits_are_told_before_anything_is_fetched(monkeypatch):
    assert machines.unsupported() == ""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "maxsize", 2**31 - 1)
        assert machines.unsupported().startswith("This Python has 32 bits")
        with pytest.raises(install.InstallProblem, match="docker compose up --build"):
            install._make_successor(from_before=False)
    word = {"SOABI": "cpython-315-x86_64-linux-musl"}
    monkeypatch.setattr(sysconfig, "get_config_var", word.get)
    assert "musl, as Alpine's is" in machines.unsupported()
    assert "Codespaces" in machines.unsupported()


def test_a_mac_of_intel_is_told_which_way_works(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(sources, "beside", lambda: False)
    said = advice.advice("because argon2-cffi-bindings has no wheels with a matching platform tag")
    assert "not all are made for Intel's Macs any more" in said
    assert "docker compose up --build" in said


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every account can open; the tests' own are closed."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o755)
        yield Path(place)


def test_what_others_cannot_reach_is_found(open_place, monkeypatch):
    program = open_place / "home" / "python"
    program.parent.mkdir()
    program.touch()
    program.chmod(0o755)
    monkeypatch.setattr(accounts, "ROOT", open_place)
    assert not accounts.is_closed_to_others(str(program))
    program.parent.chmod(0o700)
    assert accounts.is_closed_to_others(str(program))
    open_place.chmod(0o700)  # nobody else can open the checkout either
    assert not accounts.is_closed_to_others(str(program))


def test_the_doctor_tells_of_a_python_that_others_cannot_reach(monkeypatch):
    monkeypatch.setattr(accounts, "is_closed_to_others", lambda program: True)
    [found] = parts.other_accounts()
    assert found.ok and "Other accounts can open this folder" in found.what
    assert found.repair.endswith("/usr/bin/python3 wb doctor --again")


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return quick_pip(tmp_path_factory.mktemp("pip"))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    return wheels_of_straw(tmp_path_factory.mktemp("wheels"))


@pytest.fixture
def shared(tmp_path, wheels, quick):
    """An installation in a folder where the account that comes next may not write."""
    folder = checkout(tmp_path / "shared")
    prefix(wb(folder, wheels, **quick))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text(
        f"import os\nreal = os.access\nos.access = lambda path, mode: (\n"
        f"    not (mode == os.W_OK and str(path) == {str(folder)!r}) and real(path, mode))\n"
    )
    return folder, {"PYTHONPATH": str(tmp_path / "other")}


def test_a_folder_of_somebody_else_goes_on_with_its_packages_and_says_so(shared):
    folder, other = shared
    assert wb(folder, None, **other).stderr == ""
    before = stamp(folder).read_text()
    (folder / "requirements.txt").write_text("straw==2.0\n")
    said = wb(folder, None, **other)
    assert prefix(said) == str(folder / ".venv")
    assert f"{folder} belongs to " in said.stderr
    assert "Its list of packages or its Python has changed" in said.stderr
    assert "goes on with what is installed" in said.stderr
    assert stamp(folder).read_text() == before


def test_a_folder_of_somebody_else_that_was_moved_says_who_can_mend_it(shared):
    folder, other = shared
    known = json.loads(stamp(folder).read_text())
    stamp(folder).write_text(json.dumps(known | {"root": "/srv/elsewhere"}))
    said = wb(folder, None, **other)
    assert said.returncode == 1
    assert "It was installed as /srv/elsewhere, and is another folder here" in said.stderr
    assert f"cp -r '{folder}'" in said.stderr


def test_a_python_in_a_closed_home_is_named(shared):
    folder, other = shared
    (folder / ".venv" / "bin" / "python").unlink()
    (folder / ".venv" / "bin" / "python").symlink_to("/nowhere/of/root/python3")
    said = wb(folder, None, **other)
    assert said.returncode == 1
    assert "Its Python, /nowhere/of/root/python3, cannot be reached by this account" in said.stderr


def test_all_is_installed_again_and_what_was_there_stays_until_then(tmp_path, wheels, quick):
    folder = checkout(tmp_path / "a")
    prefix(wb(folder, wheels, **quick))
    site = next((folder / ".venv" / "lib").glob("python3*/site-packages"))
    (site / "straw.py").write_text("damaged = (")
    failed = wb(folder, tmp_path, "doctor", "--again", **quick)
    assert failed.returncode == 1
    assert "The installation of before is there as it was." in failed.stderr
    assert (site / "straw.py").read_text() == "damaged = ("
    said = wb(folder, wheels, "doctor", "--again", **quick)
    assert prefix(said) == str(folder / ".venv")
    assert json.loads(said.stdout)[0] == ["doctor"]
    assert "Making .venv with Python" in said.stderr
    assert "damaged" not in (site / "straw.py").read_text()
    assert sorted(each.name for each in folder.glob(".venv*")) == [".venv", ".venv.lock"]


def test_again_asks_the_index_before_the_cache(monkeypatch, tmp_path):
    asked: list[dict[str, str]] = []
    monkeypatch.setattr(install, "step", lambda *_: None)
    monkeypatch.setattr(install.sources, "environment", lambda *_: {})
    monkeypatch.setattr(
        install, "_install_with", lambda name, command, env: asked.append(env) or ""
    )
    install._install(None, again=True)
    assert asked[0] == {"UV_NO_CACHE": "1"}
    monkeypatch.setattr(install, "_install_with", lambda name, command, env: asked.append(env))
    asked.clear()
    install._install(None, again=False)
    assert asked == [{}]


def test_the_word_is_the_launchers():
    said = subprocess.run(
        [sys.executable, "-P", "-m", "workbook", "doctor", "--again"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 1
    assert "alone: ./wb doctor --again" in said.stderr
