"""Files that a notebook gives, put beside what the learner has written in them."""

from pathlib import Path

import pytest

from workbook import material
from workbook.base import paths
from workbook.myapp import definitions, given

FILE = "tests/conftest.py"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def test_a_file_that_is_given_again_keeps_what_the_learner_wrote_in_it() -> None:
    whole = material.notebook("08").files[FILE]
    said = given.add("08", [FILE])
    assert said == f"myapp/{FILE}: 75 lines, given."
    before = (paths.myapp() / FILE).read_text()
    (paths.myapp() / FILE).write_text(whole)
    own = set(definitions.defined(whole)) - set(definitions.defined(before))
    said = given.add("08", [FILE])
    after = (paths.myapp() / FILE).read_text()
    assert own
    assert said == f"myapp/{FILE}: 75 lines, given. Your own stay in it: {', '.join(sorted(own))}."
    assert set(definitions.defined(after)) == set(definitions.defined(whole))
    assert definitions.definitions(after, tuple(own)) == definitions.definitions(whole, tuple(own))


def test_what_the_notebook_gives_is_put_back_where_it_was_changed() -> None:
    given.add("08", [FILE])
    text = (paths.myapp() / FILE).read_text()
    name = definitions.defined(text)[0]
    (paths.myapp() / FILE).write_text(f"{text}\n\n{name} = None\n\n\ndef mine():\n    pass\n")
    given.add("08", [FILE])
    after = (paths.myapp() / FILE).read_text()
    assert definitions.definitions(after, (name,)) == definitions.definitions(text, (name,))
    assert "def mine():" in after


def test_what_an_earlier_notebook_had_there_goes() -> None:
    path = "app/routers/users.py"
    (paths.myapp() / path).parent.mkdir(parents=True)
    (paths.myapp() / path).write_text(material.files_before("07")[path])
    given.add("07", [path])
    assert (paths.myapp() / path).read_text() == material.notebook("07").given[path]
