"""`wb` on a machine that has nothing yet: with packages of straw, and without a network."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from straw import (
    BASE,
    ITS_PIP_IS_IN,
    PARTS,
    ROOT,
    checkout,
    environment,
    quick_pip,
    stamp,
    wb,
    wheels_of_straw,
)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    return wheels_of_straw(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return quick_pip(tmp_path_factory.mktemp("pip"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheels):
    folder = checkout(tmp_path_factory.mktemp("Mein schöner Ordner") / "wörk book")
    return folder, wb(folder, wheels, "lab", "07")


def old_python(version: str) -> str:
    for home in (Path("~/.pyenv").expanduser(), Path(os.environ.get("PYENV_ROOT", "/nowhere"))):
        if os.access(home, os.R_OK | os.X_OK):  # and not somebody else's
            for found in home.glob(f"versions/{version}.*/bin/python"):
                return str(found)
    pytest.skip(f"there is no Python {version} on this machine")


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_an_old_python_gets_a_sentence(version, tmp_path, wheels):
    said = wb(checkout(tmp_path), wheels, "lab", python=old_python(version), PATH=str(tmp_path))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [
        f"This workbook needs Python 3.11 or newer; this is {version}.",
        "Install it, or run: python3.12 wb lab",
    ]


def test_an_old_python_goes_on_with_a_newer_one_on_path(installed, wheels, tmp_path):
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")  # like a shim with no version
    (tmp_path / "python3.13").chmod(0o755)
    (tmp_path / "python3.12").symlink_to(BASE)
    python = old_python("3.8")
    said = wb(installed[0], wheels, "status", python=python, PATH=f"{tmp_path}:/usr/bin:/bin")
    assert f"goes on with {tmp_path}/python3.12" in said.stderr
    assert json.loads(said.stdout)[0] == ["status"]


def test_the_first_run_installs_and_hands_over(installed):
    folder, said = installed
    assert said.returncode == 0, said.stderr
    arguments, env, prefix = json.loads(said.stdout)
    assert arguments == ["lab", "07"]
    assert prefix == str(folder / ".venv")
    assert 0 < float(env["WORKBOOK_INSTALL_SECONDS"]) < time.time() - float(env["WORKBOOK_STARTED"])
    assert "Installing packages with uv: done" in said.stderr
    assert json.loads(stamp(folder).read_text())["seconds"] > 0


def test_the_second_run_only_reads_the_stamp(installed, wheels):
    said = wb(installed[0], wheels, "status")
    assert said.stderr == ""
    assert json.loads(said.stdout)[1]["WORKBOOK_INSTALL_SECONDS"] == "0.0"


def test_the_package_is_found_from_anywhere(installed, tmp_path):
    python = installed[0] / ".venv" / "bin" / "python"
    code = "import workbook, straw; print(workbook.__file__)"
    said = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert said.stdout.strip() == str(installed[0] / "workbook" / "__init__.py")


def test_new_requirements_are_installed_into_the_same_venv(installed, wheels, quick):
    folder = installed[0]
    (folder / "requirements.txt").write_text("straw==2.0\n")
    said = wb(folder, wheels, **quick)
    assert "Making .venv" not in said.stderr
    code = "import straw; print(straw.version)"
    python = folder / ".venv" / "bin" / "python"
    assert subprocess.check_output([python, "-c", code], text=True) == "2\n"


def test_pip_takes_over_where_uv_does_not_run(wheels, quick, tmp_path):
    said = wb(checkout(tmp_path), wheels, STRAW_BREAKS="1", **quick)
    assert said.returncode == 0
    assert "Installing packages with uv: failed" in said.stderr
    assert "Installing packages with pip: done" in said.stderr


def test_a_python_whose_pip_is_elsewhere_makes_a_venv_with_pip(wheels, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(ITS_PIP_IS_IN.format("/nowhere"))
    folder = checkout(tmp_path / "a")
    said = wb(folder, wheels, PYTHONPATH=str(tmp_path))
    assert said.returncode == 0, said.stderr
    assert (folder / ".venv" / "bin" / "pip").exists()


def test_without_a_network_the_installer_is_quoted_and_nothing_looks_good(quick, tmp_path):
    folder = checkout(tmp_path / "a")
    said = wb(folder, tmp_path, **quick)
    assert said.returncode == 1
    assert "could not be installed" in said.stderr
    assert "No matching distribution found for straw==1.0" in said.stderr
    assert "does not exist for Python" in said.stderr
    assert "Traceback" not in said.stderr
    assert not stamp(folder).exists()


def test_an_interrupted_run_is_repaired_and_a_second_one_waits(wheels, quick, tmp_path):
    folder, hangs = checkout(tmp_path / "a"), tmp_path / "hangs"
    command = [BASE, str(folder / "wb")]
    first = subprocess.Popen(
        command,
        env=environment(wheels, STRAW_HANGS=str(hangs), **quick),
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not hangs.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    second = subprocess.Popen(
        command,
        env=environment(wheels, **quick),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "waits for it" in second.stderr.readline()
    assert not stamp(folder).exists()
    first.send_signal(signal.SIGINT)
    assert "Stopped. Nothing is broken" in first.communicate(timeout=20)[1]
    assert first.returncode == 130
    out, _ = second.communicate(timeout=60)
    assert json.loads(out)[2] == str(folder / ".venv")
    assert stamp(folder).exists()


def test_a_python_without_venv_names_the_cure(wheels, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None\n")
    said = wb(checkout(tmp_path / "a"), wheels, PYTHONPATH=str(tmp_path))
    assert said.returncode == 1
    assert "sudo apt install python3-venv" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_folder_that_cannot_be_written_gets_a_sentence(wheels, tmp_path):
    folder = checkout(tmp_path)
    (folder / ".venv").write_text("a file where a folder should be")
    said = wb(folder, wheels)
    assert said.returncode == 1
    assert "This folder cannot be used" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_image_copies_first_what_the_launcher_needs_and_nothing_else() -> None:
    """So that its packages are installed anew only when one of these changes."""
    lines = (ROOT / "docker" / "lab.Dockerfile").read_text("utf-8").splitlines()
    first = lines[: next(n for n, line in enumerate(lines) if line.startswith("RUN "))]
    copied = [name for line in first if line.startswith("COPY ") for name in line.split()[1:-1]]
    parts = {
        "workbook/cli/setup" if part.startswith("workbook/cli/setup/") else part for part in PARTS
    }
    assert sorted(copied) == sorted([*parts, "requirements.txt", "requirements-postgres.txt"])


@pytest.mark.parametrize("name", ["WORKBOOK_UID", "WORKBOOK_GID"])
def test_a_container_that_is_given_no_number_of_an_account_says_so(name):
    given = {"WORKBOOK_UID": "1000", "WORKBOOK_GID": "1000", name: "abc"}
    said = subprocess.run(
        [sys.executable, str(ROOT / "docker" / "as_owner.py"), "true"],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if os.geteuid() == 0:
        assert (said.returncode, said.stdout) == (1, "")
        assert said.stderr.startswith(f"{name} is 'abc'; it takes a number")
    assert "Traceback" not in said.stderr


def test_an_interrupt_before_the_package_has_begun_is_kept_for_it():
    code = """
import os, runpy, signal
os.execv = lambda *_: print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
main = runpy.run_path("wb")["main"]
main.__globals__["set_up"] = lambda again: 0.0
main(["status"])
"""
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert said.stdout == "True\n", said.stderr

    def interrupted() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.kill(os.getpid(), signal.SIGINT)

    ended = subprocess.run(
        [sys.executable, "-P", "-m", "workbook", "status"],
        cwd=ROOT,
        preexec_fn=interrupted,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "Stopped.\n")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this folder is no clone")
def test_a_clone_with_windows_line_ends_has_none(tmp_path):
    """Whatever git is set to: `env` looks for `python3\\r`, and a shell for `\\r`."""
    clone = tmp_path / "clone"
    git = ["git", "-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    subprocess.run([*git, "clone", "-q", "--no-local", ROOT, clone], check=True, timeout=60)
    said = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=clone, capture_output=True, text=True, check=True
    )
    turned = [line for line in said.stdout.splitlines() if "w/crlf" in line or "w/mixed" in line]
    assert turned == []
    first = (clone / "wb").read_bytes().split(b"\n")[0]
    assert first == b"#!/usr/bin/env python3"
