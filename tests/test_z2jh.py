"""The values for Zero to JupyterHub: what the chart's own schema says of them, if it is there."""

import copy
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from workbook.base import paths, settings, yamls
from workbook.stack import dockerfile

FOLDER = paths.ROOT / "deploy" / "z2jh"
CHART = settings.read().chart
needs_chart = pytest.mark.skipif(not CHART, reason="WORKBOOK_CHART names no folder with the schema")


def values(name: str) -> dict[str, Any]:
    return dict(yamls.load((FOLDER / name).read_text("utf-8")))


def merged(below: Any, above: Any) -> Any:
    """As helm lays one file over another: mappings by key, everything else as a whole."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return below | {key: merged(below.get(key), each) for key, each in above.items()}


@pytest.fixture
def ours() -> dict[str, Any]:
    return dict(merged(values("values.yaml"), values("yours.example.yaml")))


@pytest.fixture
def chart() -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema and the defaults."""
    schema, defaults = (
        yamls.load((Path(CHART) / name).read_text("utf-8"))
        for name in ("values.schema.yaml", "values.yaml")
    )
    return dict(schema), dict(defaults)


def complaints(chart: tuple[dict[str, Any], dict[str, Any]], ours: dict[str, Any]) -> list[str]:
    schema, defaults = chart
    found = jsonschema.Draft7Validator(schema).iter_errors(merged(defaults, ours))
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message[:80]}" for each in found]


@needs_chart
def test_the_chart_takes_our_values(chart, ours):
    assert complaints(chart, ours) == []


@needs_chart
@pytest.mark.parametrize(
    ("place", "slip"),
    [
        (("singleuser", "storage", "capacitee"), "1Gi"),
        (("singleuser", "uid"), "me"),
        (("scheduling", "userPlaceholder", "replicas"), "many"),
        (("cull", "timeout"), "three hours"),
        (("proxy", "https", "hosts"), "room.example.org"),
    ],
)
def test_a_slip_in_them_is_found(chart, ours, place, slip):
    wrong = copy.deepcopy(ours)
    within = wrong
    for name in place[:-1]:
        within = within[name]
    within[place[-1]] = slip
    assert complaints(chart, wrong) != []


@needs_chart
def test_every_key_is_one_that_the_chart_knows(chart, ours):
    free = {"config", "extraEnv", "extraPodConfig", "loadRoles", "lifecycleHooks"}

    def unknown(ours: Any, known: Any, at: str) -> list[str]:
        if not isinstance(ours, dict) or at.rpartition(".")[2] in free:
            return []
        here = [f"{at}.{key}" for key in ours if key not in (known or {})]
        return here + [
            each
            for key, value in ours.items()
            if isinstance(known, dict) and key in known
            for each in unknown(value, known[key], f"{at}.{key}")
        ]

    assert unknown(ours, chart[1], "") == []


def test_what_is_set_for_the_workbook_is_a_setting_of_it(ours):
    named = {each for each in ours["singleuser"]["extraEnv"] if each.startswith(settings.PREFIX)}
    assert named
    assert named <= {settings.variable(each) for each in settings.Settings.__dataclass_fields__}


def test_no_password_stands_in_the_values_that_are_handed_out(ours):
    assert "SharedPasswordAuthenticator" not in values("values.yaml")["hub"]["config"]
    assert len(ours["hub"]["config"]["SharedPasswordAuthenticator"]["admin_password"]) >= 32


def test_the_image_has_the_account_and_the_folders_of_the_values(ours):
    text = (FOLDER / "Dockerfile").read_text("utf-8")
    (stage,) = dockerfile.stages(text)
    steps = {each.kind: each.rest for each in stage.steps}
    single = ours["singleuser"]
    assert steps["USER"] == str(single["uid"])
    assert f"useradd --uid {single['uid']}" in steps["RUN"]
    assert single["storage"]["homeMountPath"] in steps["RUN"]
    assert f"WORKBOOK_WORK={single['extraEnv']['WORKBOOK_WORK']}" in steps["ENV"]
    assert steps["ENTRYPOINT"] == "[]"
    assert re.search(r"ARG JUPYTERHUB_VERSION=(\S+)", text)[1] in (FOLDER / "README.md").read_text()
