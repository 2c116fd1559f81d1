"""Files of the app that are not Python: a Compose file grows by services, another is one part."""

import pytest
import yaml

from workbook.myapp import formats

COMPOSE = formats.for_path("docker-compose.yml")

FULL = """\
# The stack of the night watch.
---
name: night

x-env: &env
  LOG: info

# What runs
services:

  # of ours
  db:
    image: postgres:18
    environment:
      <<: *env
  app:
    build: .
    command: ["python",   "-m", "app"]
    ports:
    - "8000:8000"
  # worker:
  #   build: .

# the data
volumes:
  data:
  more: {}

networks: {inner: {internal: true}, outer: }
# the end
"""
WIDE = FULL.replace("\n  ", "\n    ")


@pytest.mark.parametrize("text", [FULL, WIDE])
def test_what_a_cell_does_not_have_stays_as_it_is(text: str) -> None:
    assert COMPOSE.merge(text, text) == text
    assert COMPOSE.merge(text, "") == text
    assert COMPOSE.merge("", text) == text
    grown = COMPOSE.merge(text, "services:\n  # new\n  more:\n    image: x\n\nsecrets:\n  a: {}\n")
    assert yaml.safe_load(grown)["services"]["db"]["environment"] == {"LOG": "info"}
    assert COMPOSE.without(grown, {"more", "secrets.a"}) == text


def test_a_value_and_an_anchor_at_the_top_stay() -> None:
    old = "name: night\nx-env: &e\n  A: 1\nservices:\n  a:\n    environment: *e\n"
    assert COMPOSE.merge(old, "services:\n  b:\n    image: y\n") == f"{old}\n  b:\n    image: y\n"
    assert COMPOSE.merge(old, "name: day\nservices: {}\n") == old.replace("night", "day")
    assert COMPOSE.keys(old) == ["name", "x-env.A", "a"]
    assert COMPOSE.defined(old) == ["a"]


def test_the_anchor_of_a_cell_comes_before_those_who_use_it() -> None:
    old = "services:\n  a:\n    image: x\n"
    new = "x-env: &e\n  A: 1\n\nservices:\n  b:\n    environment: *e\n  a:\n    image: z\n"
    grown = COMPOSE.merge(old, new)
    assert list(yaml.safe_load(grown)) == ["x-env", "services"]
    assert grown.index("  b:") < grown.index("  a:")
    changed = COMPOSE.merge(grown, new.replace("&e", "&f").replace("*e", "*f"))
    assert "x-env: &f" in changed


def test_an_anchor_that_others_use_is_not_replaced() -> None:
    old = "services:\n  a: &a\n    image: x\n  b: *a\n"
    with pytest.raises(SyntaxError, match=r"merged with the file, .* undefined alias"):
        COMPOSE.merge(old, "services:\n  a:\n    image: y\n")


def test_a_service_that_is_lent_leaves_the_others_what_they_had_from_its_anchor() -> None:
    old = "services:\n  a: &a\n    image: x\n  b:\n    <<: *a\n    init: true\n"
    lent = COMPOSE.with_reference(old, "services:\n  a:\n    image: y\nvolumes:\n  v:\n", {"a"})
    assert yaml.safe_load(lent) == {
        "services": {"a": {"image": "y"}, "b": {"image": "x", "init": True}},
        "volumes": {"v": None},
    }


def test_a_service_means_what_its_anchors_say() -> None:
    plain = "services:\n  b:\n    environment: {A: 1}\n"
    anchored = "x-env: &e {A: 1}\nservices:\n  b:\n    environment: *e\n"
    assert COMPOSE.definitions(anchored, ("b",)) == COMPOSE.definitions(plain, ("b",))
    assert COMPOSE.definitions(plain, ("b",)) == {"b": "{'b': {'environment': {'A': 1}}}"}
    assert COMPOSE.definitions("services:\n  b: *e\n", ("b",)) == {}


def test_comments_stay_when_a_service_is_replaced() -> None:
    new = COMPOSE.merge(FULL, "services:\n  app:\n    image: y\n  db:\n    image: x\n")
    expected = FULL[: FULL.index("  db:")].replace("\n\n  # of ours\n", "\n\n")
    assert new.startswith(expected)
    assert "    image: y\n  # worker:\n  #   build: .\n\n# the data\nvolumes:" in new
    old = "services:\n  # All that runs\n\n  a:\n    image: x\n"
    assert COMPOSE.merge(old, "services:\n  a:\n    image: y\n") == old.replace("x", "y")


def test_a_value_that_a_cell_gives_anew_keeps_the_comments_of_the_file() -> None:
    old = "# of mine\nname: x\nservices:\n  a:\n"
    for _ in range(2):
        old = COMPOSE.merge(old, "x-e: 1\n\n# of the cell\nname: y\n\nservices:\n  a:\n")
    assert old == "# of mine\nx-e: 1\n\nname: y\nservices:\n  a:\n"


def test_quoted_keys_are_the_same_names() -> None:
    old = "services:\n  \"a\":\n    image: x\n  'b':\n    image: x\n"
    assert COMPOSE.merge(old, "services:\n  a:\n    image: y\n") == (
        "services:\n  a:\n    image: y\n  'b':\n    image: x\n"
    )


def test_a_section_in_braces_stays_until_something_is_put_into_it() -> None:
    old = "services: {a: &a {image: x}, b: *a,\n  c: {image: z}}\nvolumes: {}\n"
    assert COMPOSE.merge(old, "volumes:\n  v:\n") == old.replace(" {}", "\n  v:")
    grown = COMPOSE.merge(old, "services:\n  c:\n    image: y\n")
    assert yaml.safe_load(grown)["services"] == {
        "a": {"image": "x"},
        "b": {"image": "x"},
        "c": {"image": "y"},
    }
    noted = COMPOSE.merge(f"name: x\n# What runs\n{old}", "services:\n  c:\n    image: y\n")
    assert "# What runs\nservices:\n" in noted
    whole = COMPOSE.merge("{services: {a: {image: x}}}", "services:\n  b: {}\n")
    assert yaml.safe_load(whole)["services"] == {"a": {"image": "x"}, "b": {}}


@pytest.mark.parametrize(
    "text", ["services:\n  a:\n---\nservices:\n  b:\n", "services:\n  a:\n  a:\n", "services: *e\n"]
)
def test_what_would_be_lost_is_refused(text: str) -> None:
    with pytest.raises(SyntaxError):
        COMPOSE.merge("", text)


def test_what_is_left_of_a_file_without_its_parts() -> None:
    assert COMPOSE.without("services:\n  a:\n\nvolumes:\n", {"a"}) == "volumes:\n"
    assert COMPOSE.without("services:\n  a:\n", {"a"}) == ""
    assert COMPOSE.without("name: x\nservices:\n  a:\n", {"name"}) == "services:\n  a:\n"


def test_another_file_is_one_part() -> None:
    kind = formats.for_path("Dockerfile")
    assert kind.merge("FROM a\n", "FROM b\n") == "FROM b\n"
    assert kind.with_reference("FROM a\n", "FROM b\n", {"image"}) == "FROM b\n"
    assert kind.without("FROM a\n", {"image"}) == "FROM a\n"
    assert kind.definitions("# x\nFROM a\n\n", ("image",)) == {"image": "FROM a"}
    assert kind.keys("FROM a\n") == kind.defined("FROM a\n") == kind.for_effect("FROM a\n") == []
