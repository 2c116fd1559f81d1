"""What CONTRIBUTING.md says about the house is so."""

import re

import pytest

from workbook.base import paths

PAGE = (paths.ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = re.findall(r"^\| `([a-z]+)/` \|.*\| `([^`]+)` \|$", PAGE, re.M)
NAMED = sorted(set(re.findall(r"`((?:workbook|lessons|tests|docs)/[^`* ]+)`", PAGE)))
EXAMPLE = ("oldest", "NN", "NAME")


def test_every_room_is_on_the_map_with_a_file_to_begin_at() -> None:
    there = {each.name for each in (paths.ROOT / "workbook").iterdir() if each.is_dir()}
    assert {room for room, _ in ROOMS} == there - {"__pycache__"}
    assert [begin for _, begin in ROOMS if not (paths.ROOT / "workbook" / begin).is_file()] == []


def test_the_rooms_are_in_the_order_in_which_they_import() -> None:
    layers = re.search(
        r"^layers = \[(.*?)^\]", (paths.ROOT / "pyproject.toml").read_text(), re.M | re.S
    )
    assert layers
    ordered = re.findall(r"[a-z]+", layers[1])
    assert {*ordered} == {room for room, _ in ROOMS}
    order = [
        min(n for n, line in enumerate(layers[1].splitlines()) if room in line) for room, _ in ROOMS
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("name", [each for each in NAMED if not any(w in each for w in EXAMPLE)])
def test_every_path_that_it_names_is_there(name: str) -> None:
    assert (paths.ROOT / name).exists()
