"""Files that a notebook gives, and what the learner had written in them."""

from pathlib import Path

import pytest

from workbook import material, workspace
from workbook.base import paths
from workbook.myapp import definitions, given

FILE = "tests/conftest.py"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def test_a_file_that_is_given_again_names_what_it_takes_out_and_undo_brings_it_back() -> None:
    whole = material.notebook("08").files[FILE]
    assert given.add("08", [FILE]) == f"myapp/{FILE}: 75 lines, given."
    before = (paths.myapp() / FILE).read_text()
    (paths.myapp() / FILE).write_text(whole)
    own = set(definitions.defined(whole)) - set(definitions.defined(before))
    said = given.add("08", [FILE])
    out = f"Yours, out of it now: {', '.join(sorted(own))}. Back: ./wb undo"
    assert own
    assert said == f"myapp/{FILE}: 75 lines, given. {out}"
    assert (paths.myapp() / FILE).read_text() == before
    workspace.undo()
    assert (paths.myapp() / FILE).read_text() == whole


def test_what_an_earlier_notebook_had_there_goes() -> None:
    path = "app/routers/users.py"
    (paths.myapp() / path).parent.mkdir(parents=True)
    (paths.myapp() / path).write_text(material.files_before("07")[path])
    given.add("07", [path])
    assert (paths.myapp() / path).read_text() == material.notebook("07").given[path]
