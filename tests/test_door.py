"""What somebody finds who comes from outside: forms, versions, how people treat each other."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from workbook.base import paths, yamls

FORMS = sorted((paths.ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
VERSION = tomllib.loads((paths.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def form(path: Path) -> dict[str, Any]:
    return dict(yamls.load(path.read_text("utf-8")))


@pytest.mark.parametrize("path", [p for p in FORMS if p.stem != "config"], ids=lambda p: p.stem)
def test_a_form_says_what_it_is_for_and_what_must_be_filled_in(path: Path) -> None:
    read = form(path)
    assert read["name"] and read["description"] and read["labels"]
    ids = [field["id"] for field in read["body"]]
    assert len(set(ids)) == len(ids)
    assert all(each["type"] in ("input", "textarea") for each in read["body"])
    assert all(each["validations"]["required"] is True for each in read["body"])


def test_who_reports_a_problem_is_asked_for_what_doctor_says() -> None:
    read = form(next(path for path in FORMS if path.stem == "problem"))
    assert any("`./wb doctor`" in field["attributes"]["label"] for field in read["body"])


def test_the_version_is_the_same_everywhere() -> None:
    cited = yamls.load((paths.ROOT / "CITATION.cff").read_text("utf-8"))
    newest = re.search(r"^## (\S+)$", (paths.ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest and newest[1] == VERSION == str(cited["version"])


def test_the_page_for_contributors_names_what_is_at_the_door() -> None:
    page = (paths.ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for name in ("CODE_OF_CONDUCT.md", "CHANGELOG.md"):
        assert f"({name})" in page and (paths.ROOT / name).exists()
