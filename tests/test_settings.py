"""The environment variables: read in one place, and each of them documented."""

import re
from dataclasses import fields

import pytest

from workbook.authoring import settings_page
from workbook.base import paths, settings
from workbook.base.settings import Settings

NAME = re.compile(r"WORKBOOK_[A-Z]+(?:_[A-Z]+)*")
ASKED = re.compile(r"environ(?:\.get\(|\.pop\(|\[)\s*f?[\"']WORKBOOK_[^]]+(?:[),]|\](?! = ))")
ELSEWHERE = {"WORKBOOK_DOCKER_DIR", "WORKBOOK_INSTALL"}
"""Of CI's scripts alone; and the beginning of a name."""


def test_what_is_not_set_or_empty_has_its_default():
    assert settings.read({}) == Settings()
    assert settings.read({"WORKBOOK_PG_VERSION": "", "WORKBOOK_DOCKER": ""}) == Settings()


def test_a_variable_is_the_fields_name_in_capitals():
    given = {"WORKBOOK_PG_VERSION": "16", "WORKBOOK_KEEP_SECONDS": "soon", "PG_USER": "me"}
    assert settings.read(given) == Settings(pg_version="16", keep_seconds="soon")


@pytest.mark.parametrize("no", ["off", "OFF", "no", "No", "0", "false"])
def test_every_no_means_no(no):
    given = settings.read({"WORKBOOK_DOCKER": no, "WORKBOOK_WARM": no, "WORKBOOK_BROWSER": no})
    assert (given.docker, given.warm, given.browser) == (False, False, False)


@pytest.mark.parametrize("yes", ["on", "yes", "1", "TRUE", "required"])
def test_every_yes_means_yes(yes):
    assert settings.read({"WORKBOOK_LAB_EXPOSE": yes, "WORKBOOK_WARM": yes}).lab_expose


def test_what_is_neither_leaves_the_default():
    given = settings.read({"WORKBOOK_DOCKER": "perhaps", "WORKBOOK_LAB_EXPOSE": "perhaps"})
    assert (given.docker, given.lab_expose) == (True, False)


def test_a_variable_that_is_set_late_counts(monkeypatch):
    monkeypatch.setenv("WORKBOOK_PG_USER", "late")
    assert settings.read().pg_user == "late"


def test_every_field_says_what_it_is_for():
    said = settings_page.descriptions()
    assert list(said) == [each.name for each in fields(Settings)]
    assert not [name for name, words in said.items() if not words.endswith(".")]


def test_the_page_is_made_from_the_fields():
    assert settings_page.PAGE.read_text("utf-8") == settings_page.text()


def test_every_variable_that_is_named_anywhere_is_on_the_page():
    folders = ("workbook", "docker", "benchmarks", "tests/browser")
    files = [each for name in folders for each in (paths.ROOT / name).rglob("*") if each.is_file()]
    files += [paths.ROOT / name for name in ("wb", "docker-compose.yml", "README.md", ".ci/run")]
    texts = [each.read_text("utf-8") for each in files if each.suffix not in (".pyc", ".png")]
    named = {name for text in texts for name in NAME.findall(text)} - ELSEWHERE
    known = {settings.variable(each.name) for each in fields(Settings)} | {*settings_page.COMPOSE}
    assert not sorted(named - known)
    assert not sorted(known - named - {settings.variable(each.name) for each in fields(Settings)})


def test_rooms_ask_the_settings_and_not_the_environment():
    rooms = ("base", "cli", "postgres", "workspace", "material", "lab", "evidence", "myapp")
    files = [each for room in rooms for each in (paths.ROOT / "workbook" / room).rglob("*.py")]
    assert not [each.name for each in files if ASKED.search(each.read_text("utf-8"))]
