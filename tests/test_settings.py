"""The environment variables: read in one place, and each of them documented."""

import ast
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
    assert not [name for name, text in MODULES.items() if ASKED.search(text)]


FOR_OTHERS = {
    "authoring/build.py": "the kernels that execute a notebook",
    "authoring/sandbox.py": "whatever is built or proved",
    "cli/jupyter.py": "JupyterLab",
    "cli/launch.py": "the notebooks, which choose the same server",
    "postgres/compose.py": "Compose, which publishes the port",
    "proof/container_proof.py": "pytest",
    "proof/leftovers.py": "nobody: it looks at the environment of other processes",
    "proof/nbval_plugin.py": "a notebook's kernel",
    "stack/process.py": "a replayed program, by which its owner is found",
}
"""The modules that name a variable and touch the environment: for whom they set it."""
MODULES = {
    path.relative_to(paths.ROOT / "workbook").as_posix(): path.read_text("utf-8")
    for path in sorted((paths.ROOT / "workbook").rglob("*.py"))
}


def test_only_who_starts_something_sets_variables():
    found = {name for name, text in MODULES.items() if _names_one(text) and _has_environment(text)}
    assert found == FOR_OTHERS.keys()


def _names_one(text: str) -> bool:
    words = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return any(isinstance(word, str) and NAME.fullmatch(word) for word in words)


def _has_environment(text: str) -> bool:
    used = (node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute))
    return bool({"environ", "getenv"} & set(used))
