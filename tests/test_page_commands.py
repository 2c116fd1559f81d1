"""Each `./wb …` that a page for instructors names is run, here or by a test that is named here."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_handbook import COMMAND, PAGES

from workbook.base import paths
from workbook.postgres.probe import free_port

HERE = {
    "catch-up 05": "Next: ./wb lab 05",
    "catch-up 06": "Next: ./wb lab 06",
    "catch-up 08": "Next: ./wb lab 08",
    "undo": "Forward again: ./wb redo",
    "redo": "is taken back",
    "reset 05": "Back: ./wb undo",
    "status": "Next: ",
    "report --name NAME": "report.html",
    "report --json": '"exercises"',
    "room --forget": "",
    "room --show": "",
}
"""What is run one after the other in one learner's folder, and words that it says."""
OPENS = {"room", "room --host 192.168.1.20", "room --new", "room --seats 60"}
"""What opens a room until Ctrl-C; here at an address that every machine has."""
LARGE = "test_the_type_is_large_a_line_of_code_fits_and_nothing_stands_beside"
ELSEWHERE = {
    "build": "test_drift.py: it runs a notebook for minutes; `./wb test` calls it with --check",
    "doctor": "test_doctor.py::test_the_report_ends_with_0_where_nothing_is_broken"
    ": a whole machine",
    "kit FOLDER": "test_kit.py::test_a_kit_has_the_checkout_and_what_each_python_needs: gigabytes",
    "lab": "test_cli.py::test_a_real_lab_answers_and_leaves_no_process_however_it_ends: JupyterLab",
    "lab 05": "test_cli.py::test_the_first_page_is_the_one_asked_for_or_the_first_unfinished"
    ": the same",
    "lab --room CODE": "test_room_laptop.py::test_the_lab_with_a_code_reports_while_it_runs"
    ": a room",
    "present 01": f"browser/test_presenting.py::{LARGE}: a browser",
    "present 05 --solved": "test_cli.py::test_the_solved_notebook_is_presented_from_a_fresh_copy"
    ": one",
    "site": "browser/test_site.py::test_every_slide_fits: packages of its own",
    "test": "test_validate.py: it would run itself",
    "test 00": "test_validate.py: it would run itself",
}
"""What is run by another test, which has what it needs: its place, and why not here."""
DEMOS = re.compile(r"db psql( \d\d)?")
"""What opens psql: the blocks of the pages do that behind their cells."""


def wb(work: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "workbook", *words],
        cwd=paths.ROOT,
        env=os.environ | {"WORKBOOK_WORK": str(work), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def named() -> set[str]:
    return {line for text in PAGES.values() for line in COMMAND.findall(text)}


def test_every_command_of_the_pages_is_run_by_a_test() -> None:
    known = {*HERE, *OPENS, *ELSEWHERE}
    assert {line for line in named() - known if not DEMOS.fullmatch(line)} == set()
    assert known - named() == set(), "no page has it any more"


@pytest.mark.parametrize("line", ELSEWHERE)
def test_what_is_run_elsewhere_names_a_test_that_is_there(line: str) -> None:
    place, _, why = ELSEWHERE[line].partition(": ")
    file, _, test = place.partition("::")
    text = (paths.ROOT / "tests" / file).read_text("utf-8")
    assert why and f"def {test}(" in text if test else why


def test_the_commands_say_what_the_page_promises(tmp_path: Path) -> None:
    said = {}
    for line in HERE:
        run = wb(tmp_path / "work", *shlex.split(line))
        said[line] = f"{run.communicate(timeout=60)[0]}\nexit code {run.returncode}"
    wrong = {line: said[line] for line, words in HERE.items() if words not in said[line]}
    assert wrong == {}
    assert {line for line, text in said.items() if not text.endswith("exit code 0")} <= {
        "room --forget",
        "room --show",
    }, "nobody has opened or joined a room here, which is said"


@pytest.mark.parametrize("line", sorted(OPENS))
def test_a_room_opens_and_closes(line: str, tmp_path: Path) -> None:
    words = shlex.split(line.replace("192.168.1.20", "127.0.0.1"))
    run = wb(tmp_path / "work", *words, "--port", str(free_port()))
    try:
        assert run.stdout
        seen = ""
        while "Ctrl-C" not in seen and (more := run.stdout.readline()):
            seen += more
        run.send_signal(signal.SIGINT)
        seen += run.communicate(timeout=30)[0]
    finally:
        run.kill()
        run.wait()
    assert "--room" in seen and "The room is closed." in seen, seen
