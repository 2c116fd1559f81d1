"""The workflows: every job is bounded, what they name is there, and what they run is a script."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workbook.base import paths, yamls

FOLDER = paths.ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
NAMED = re.compile(r"\b(needs|steps|matrix)\.(\w+)")
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
OF_THE_CHECKOUT = re.compile(r"(?:bash |\./|python )(\.ci/\w+|wb)\b")


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return dict(yamls.load(path.read_text("utf-8"))["jobs"])


EACH = [(path, name) for path in FILES for name in jobs(path)]


def test_there_are_three() -> None:
    assert [path.stem for path in FILES] == ["pages", "test", "weekly"]


@pytest.mark.parametrize(("path", "name"), EACH, ids=lambda each: getattr(each, "stem", each))
def test_a_job_is_bounded_and_names_what_is_there(path: Path, name: str) -> None:
    job = jobs(path)[name]
    assert 0 < job["timeout-minutes"] <= 90
    needs = [job.get("needs", [])] if isinstance(job.get("needs"), str) else job.get("needs", [])
    known = {
        "needs": set(needs),
        "steps": {step["id"] for step in job["steps"] if "id" in step},
        "matrix": set(job.get("strategy", {}).get("matrix", {})),
    }
    assert known["needs"] <= jobs(path).keys() - {name}
    for where, what in NAMED.findall(" ".join([*EXPRESSION.findall(str(job)), job.get("if", "")])):
        assert what in known[where], f"{where}.{what}"


@pytest.mark.parametrize(("path", "name"), EACH, ids=lambda each: getattr(each, "stem", each))
def test_a_step_is_an_action_of_a_version_or_a_script(path: Path, name: str) -> None:
    for step in jobs(path)[name]["steps"]:
        assert ("run" in step) != ("uses" in step), step
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
            continue
        script = EXPRESSION.sub("x", step["run"])
        read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
        assert read.returncode == 0, read.stderr
        for program in OF_THE_CHECKOUT.findall(script):
            assert os.access(paths.ROOT / program, os.X_OK), program


def test_every_python_and_every_kind_of_machine_has_a_job() -> None:
    found = jobs(FOLDER / "test.yml")
    matrix = found["without-docker"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    machines = {each["machine"] for each in matrix["include"]} | {found["windows"]["runs-on"]}
    assert machines == {"ubuntu-24.04-arm", "macos-latest", "windows-latest"}


def test_the_weekly_run_ends_in_a_pull_request_or_in_an_issue() -> None:
    found = jobs(FOLDER / "weekly.yml")
    proofs = {"lock", "postgresql"}
    assert set(found["holds"]["needs"]) == proofs
    assert set(found["fails"]["needs"]) == proofs | {"mutants", "hub"}
    assert found["fails"]["if"] == "failure()"
    assert found["holds"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert found["postgresql"]["strategy"]["matrix"]["major"] == [15, 16, 17, 18, 19]


def test_the_site_is_published_as_it_was_proved_and_only_where_all_of_main_held() -> None:
    proof = yamls.load((FOLDER / "test.yml").read_text("utf-8"))
    asked = yamls.load((FOLDER / "pages.yml").read_text("utf-8"))
    when = asked.get("on", asked.get(True))  # to YAML 1.1, `on` is a yes
    assert when == {
        "workflow_run": {"workflows": [proof["name"]], "types": ["completed"], "branches": ["main"]}
    }
    (publish,) = asked["jobs"].values()
    run = "github.event.workflow_run"
    assert publish["if"] == f"{run}.conclusion == 'success' && {run}.event == 'push'"
    assert publish["permissions"] == {"actions": "read", "pages": "write", "id-token": "write"}
    took = publish["steps"][0]["with"]
    assert took["run-id"] == "${{ github.event.workflow_run.id }}"
    *_, made, kept = proof["jobs"]["site"]["steps"]
    assert kept["with"] == {"name": took["name"], "path": "site"}
    assert made["run"].split("\n")[:3] == [
        "python wb site site",
        "python wb site again",
        "diff -r site again",
    ]


FAKE_UV = """#!/bin/sh
for last; do :; done
printf '# made\\nalpha==2.0\\nbeta-b==3.1\\n' >"$last"
"""
PINS = "# Direct.\nalpha[more]==1.0\nbeta-b==3.0 ; python_version > '3.1'\ngamma==1\n"


def test_the_newest_versions_take_the_place_of_the_pins_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    script = tmp_path / ".ci" / "newest"
    script.write_text((paths.ROOT / ".ci" / "newest").read_text("utf-8"))
    uv = tmp_path / "uv"
    uv.write_text(FAKE_UV)
    uv.chmod(0o755)
    (tmp_path / "requirements.in").write_text(PINS)
    (tmp_path / "requirements.txt").write_text("old\n")
    outside = {key: value for key, value in os.environ.items() if not key.startswith("GIT")}
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path, env=outside, check=True)
    env = outside | {"UV": str(uv), "GITHUB_OUTPUT": str(tmp_path / "said")}
    subprocess.run(["bash", str(script)], env=env, check=True, timeout=60)
    wanted = PINS.replace("alpha[more]==1.0", "alpha[more]==2.0").replace("==3.0", "==3.1")
    assert (tmp_path / "requirements.in").read_text() == wanted
    assert (tmp_path / "said").read_text() == "changed=true\n"
    assert "alpha==2.0" in (tmp_path / "requirements-site.txt").read_text()
