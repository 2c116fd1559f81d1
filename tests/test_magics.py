"""`%%myapp`: a cell into a file of the app, in one step."""

import json
import os
import threading
from pathlib import Path

import pytest
import yaml

from workbook import material
from workbook.base import paths
from workbook.checks import replaced
from workbook.checks.verdict import Kind, Verdict
from workbook.lab import magics
from workbook.myapp import formats
from workbook.workspace import cells


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
    read = cells._read

    def slowly() -> dict[str, list[str]]:
        found = read()
        first_reads.set()
        second_wrote.wait(0.5)
        return found

    monkeypatch.setattr(cells, "_read", slowly)
    first = threading.Thread(target=magics._remember, args=("app/a.py", "a = 1\n"))
    first.start()
    first_reads.wait(5)
    monkeypatch.setattr(cells, "_read", read)
    magics._remember("app/b.py", "b = 1\n")
    second_wrote.set()
    first.join(5)
    assert set(json.loads((paths.state() / "cells.json").read_text())) == {
        "app/a.py a",
        "app/b.py b",
    }


def test_an_answer_that_a_draft_has_replaced_is_said_to_stand_in_its_own_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever runs all cells above the selected one runs the draft again, below a right answer."""
    exercise = material.exercise("02.incident")

    def runs(cell: str, kind: Kind) -> Verdict:
        monkeypatch.setattr(magics, "cell_id", lambda: cell)
        magics.write("app/models.py", "class Incident: ...\n")
        return replaced.told(exercise, Verdict(kind, exercise.id, exercise.title, ()))

    assert "Since it was right" not in repr(runs("draft", "not yet"))
    assert "Since it was right" not in repr(runs("answer", "not yet"))
    assert "Since it was right" not in repr(runs("answer", "right"))
    assert "Since it was right" not in repr(runs("answer", "not yet"))
    said = repr(runs("draft", "not yet"))
    assert "`Incident` into myapp/app/models.py" in said
    assert "run that cell again" in said


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


ENV = '"""Doc."""\n\nfrom alembic import context\n\ntarget = None\n'


@pytest.mark.parametrize(
    "line",
    [
        "import app.models",
        "import app.models  # noqa: F401",
        "from app import models",
        "from app.models import *",
        "from app.models import Team",
    ],
)
def test_no_import_of_a_cell_is_lost(line: str) -> None:
    """It may be there for what importing does, whether the cell has a docstring or not."""
    for head in ("", '"""Doc, anew."""\n\n'):
        magics.write("alembic/env.py", ENV)
        magics.write("alembic/env.py", f"{head}from alembic import context\n{line}\n\n\nrun = 1\n")
        assert line in (paths.myapp() / "alembic/env.py").read_text()
        (paths.myapp() / "alembic/env.py").unlink()


def test_an_import_of_the_file_stays_that_nothing_uses() -> None:
    magics.write("alembic/env.py", ENV + "\n\nimport app.models\n")
    magics.write("alembic/env.py", ENV.replace("Doc", "Doc, anew"))
    magics.write("app/a.py", '"""Doc."""\n\nimport app.models\n')
    magics.write("app/a.py", '"""Other."""\n\nimport os\n\nhere = os\n')
    assert "import app.models" in (paths.myapp() / "app/a.py").read_text()


def test_a_cell_that_writes_every_definition_anew_inherits_no_import_that_nothing_uses() -> None:
    """Else an `env.py` that forgot the models would be right wherever a better one was before."""
    magics.write("alembic/env.py", ENV.replace("target", "import app.models\n\ntarget"))
    cell = '"""Anew."""\n\n\ndef run():\n    context.configure()\n\n\ntarget = run\n'
    magics.write("alembic/env.py", cell)
    text = (paths.myapp() / "alembic/env.py").read_text()
    assert "import app.models" not in text
    assert "from alembic import context" in text


def test_what_an_attempt_imported_goes_with_the_attempt(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(magics, "cell_id", lambda: "one")
    magics.write("app/a.py", "from app.database import engine\n\n\ndef run():\n    engine()\n")
    magics.write("app/a.py", "import os\n\n\ndef run():\n    os.getcwd()\n")
    assert "engine" not in (paths.myapp() / "app/a.py").read_text()
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "Left out, as nothing needs it now: from app.database import engine."


def test_what_is_left_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    magics.write("app/a.py", '"""A."""\n\nfrom app.b import old\n\n\ndef run():\n    old()\n')
    magics.write("app/a.py", '"""A."""\n\n\ndef run():\n    pass\n')
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "Left out, as nothing needs it now: from app.b import old."


def test_a_cell_of_imports_says_so_and_an_empty_one_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    magics.write("app/a.py", "import app.models\n")
    magics.write("app/a.py", "# to do\n")
    assert capsys.readouterr().out.splitlines() == [
        "Wrote its imports in myapp/app/a.py.",
        "Wrote nothing in myapp/app/a.py.",
    ]
    assert (paths.myapp() / "app/a.py").read_text().startswith("import app.models\n")


ANCHORS = """\
name: nightwatch
version: "3.9"
x-health: &often
  interval: 2s
services:
  db:
    image: postgres:18-alpine
    healthcheck:
      <<: *often
      test: [CMD, pg_isready, -h, 127.0.0.1]
volumes: {data: }
networks: {backend: }
secrets: {pw: {environment: POSTGRES_PASSWORD}}
"""


def test_a_compose_cell_loses_nothing() -> None:
    magics.write("docker-compose.yml", "services:\n  app:\n    build: .\n")
    magics.write("docker-compose.yml", ANCHORS)
    text = (paths.myapp() / "docker-compose.yml").read_text()
    found, wanted = yaml.safe_load(text), yaml.safe_load(ANCHORS)
    assert found == wanted | {"services": {"app": {"build": "."}} | wanted["services"]}
    assert text.index("x-health: &often") < text.index("services:")


def test_an_anchor_holds_in_the_cells_that_follow(capsys: pytest.CaptureFixture[str]) -> None:
    magics.write("docker-compose.yml", ANCHORS)
    more = "services:\n  app:\n    build: .\n    healthcheck: *often\n"
    magics.write("docker-compose.yml", more)
    text = (paths.myapp() / "docker-compose.yml").read_text()
    assert yaml.safe_load(text)["services"]["app"]["healthcheck"] == {"interval": "2s"}
    magics.write("docker-compose.yml", "x-health:\n  interval: 3s\nservices: {}\n")
    out = capsys.readouterr().out
    assert (
        "undefined alias 'often'" in out
        or "&often" in (paths.myapp() / "docker-compose.yml").read_text()
    )
