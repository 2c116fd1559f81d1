"""`%%myapp`: a cell into a file of the app, in one step."""

import json
import os
import threading
from pathlib import Path

import pytest

from workbook.base import paths
from workbook.lab import magics
from workbook.myapp import formats


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def test_whoever_reads_a_file_while_it_is_written_reads_the_old_one(work: Path) -> None:
    magics.write("app/a.py", "a = 1\n")
    files = [paths.myapp() / "app/a.py", paths.state() / "cells.json"]
    for number, file in enumerate(files):
        os.link(file, work / f"{number}")  # a file that is written over changes under this name too
    texts = [file.read_text() for file in files]
    magics.write("app/a.py", "b = 2\n")
    assert [(work / f"{number}").read_text() for number in range(2)] == texts
    assert files[0].read_text() == "a = 1\nb = 2\n"


def test_two_notebooks_that_write_at_once_both_remember_their_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first_reads, second_wrote = threading.Event(), threading.Event()
    read = magics._written

    def slowly() -> dict[str, list[str]]:
        found = read()
        first_reads.set()
        second_wrote.wait(0.5)
        return found

    monkeypatch.setattr(magics, "_written", slowly)
    first = threading.Thread(target=magics._remember, args=("app/a.py", "a = 1\n"))
    first.start()
    first_reads.wait(5)
    monkeypatch.setattr(magics, "_written", read)
    magics._remember("app/b.py", "b = 1\n")
    second_wrote.set()
    first.join(5)
    assert set(json.loads((paths.state() / "cells.json").read_text())) == {
        "app/a.py a",
        "app/b.py b",
    }


def test_what_a_cell_no_longer_has_goes_and_takes_no_import_of_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    magics.write("app/a.py", "import os\n\na = 1\nb = os\n")
    magics.write("app/a.py", "import sys\n\nc = sys\n")
    magics.write("app/a.py", "a = 2\n")
    text = (paths.myapp() / "app/a.py").read_text()
    assert text == "import sys\n\na = 2\nc = sys\n"
    assert capsys.readouterr().out.splitlines() == [
        "Wrote a, b in myapp/app/a.py.",
        "Wrote c in myapp/app/a.py.",
        "Wrote a in myapp/app/a.py.",
    ]


def test_a_cell_that_would_break_a_compose_file_writes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = "services:\n  a: &a\n    image: x\n  b: *a\n"
    path = paths.myapp() / "docker-compose.yml"
    path.parent.mkdir(parents=True)
    path.write_text(old)
    magics.write("docker-compose.yml", "services:\n  a:\n    image: y\n")
    assert path.read_text() == old
    assert "Nothing was written to myapp/docker-compose.yml." in capsys.readouterr().out
    formats.for_path("docker-compose.yml").check(path.read_text())
