"""`wb report`: what the learner's own page says, and what it never replaces."""

import json
import re
from pathlib import Path

import pytest

from workbook import workspace
from workbook.base.problem import Problem
from workbook.cli import own_report


@pytest.fixture(autouse=True)
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right at once, right after four attempts, never right, and right with every hint."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    workspace.record("00.fetch", "right", "a")
    for _ in range(3):
        workspace.record("01.factory", "not yet", "b")
    workspace.record("01.factory", "right", "c")
    workspace.record("02.types", "not yet", "d")
    for _ in range(3):
        workspace.hint_shown("02.roster", 3)
    workspace.record("02.roster", "right", "e")


def test_what_to_look_at_again_is_what_was_hard() -> None:
    assert own_report.repeat(workspace.read()) == ["01.factory", "02.types", "02.roster"]


def test_the_page_says_it_in_words_and_as_data_and_asks_for_nothing(tmp_path: Path) -> None:
    text = own_report.write(None, "Zoë </script><b>").read_text("utf-8")
    assert "3 of " in text and "Zoë &lt;/script&gt;" in text and "<b>" not in text
    assert not re.search(r"(src|href)=|https?:|url\(", text)
    found = re.search(r'id="report">(.*?)</script>', text)
    assert found
    told = json.loads(found[1])
    assert told["name"] == "Zoë </script><b>" and told["repeat"][0] == "01.factory"
    assert told["exercises"]["01.factory"]["attempts"] == 4
    assert told == json.loads(own_report.as_json("Zoë </script><b>"))


def test_it_is_made_anew_but_replaces_nothing_else(tmp_path: Path) -> None:
    target = own_report.write(tmp_path / "mine.html", "")
    assert own_report.write(tmp_path / "mine.html", "Ada") == target
    assert "Nightwatch: Ada" in target.read_text("utf-8")
    other = tmp_path / "thesis.html"
    other.write_text("<p>mine</p>")
    with pytest.raises(Problem, match="is not a report of mine"):
        own_report.write(other, "")
    assert other.read_text() == "<p>mine</p>"
    with pytest.raises(Problem, match="There is no folder"):
        own_report.write(tmp_path / "nowhere" / "r.html", "")
