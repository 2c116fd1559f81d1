"""The containers that 08.database is tried on."""

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core import container

from workbook import material
from workbook.checks.nb08 import fake_containers as imitation
from workbook.checks.nb08.fake_containers import EVERYWHERE, fake_containers, lines_of

NAMES = ("start", "stop", "__enter__", "__exit__", "get_container_host_ip", "get_exposed_port")


def test_a_fake_container_notes_when_it_starts_and_stops() -> None:
    with fake_containers() as log, PostgresContainer("postgres:16-alpine"):
        assert lines_of(log) == [f"start postgres:16-alpine, {EVERYWHERE}"]


@pytest.mark.parametrize(
    ("binding", "noted"),
    [
        (None, f", {EVERYWHERE}"),
        (("127.0.0.1",), ""),
        (("127.0.0.1", None), ""),
        (5432, f", on port 5432, {EVERYWHERE}"),
        (("0.0.0.0", None), f", {EVERYWHERE}"),
        (("127.0.0.1", 5432), ", on port ('127.0.0.1', 5432)"),
    ],
)
def test_a_port_counts_where_it_is_fixed_and_an_address_alone_does_not(
    binding: Any, noted: str
) -> None:
    with fake_containers() as log:
        started = PostgresContainer("postgres:16-alpine")
        ports: dict[str, Any] = started.ports
        ports["5432"] = binding
        with started:
            assert lines_of(log) == [f"start postgres:16-alpine{noted}"]


def test_the_solutions_container_is_open_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And each run has a password of its own."""
    given: list[dict[str, Any]] = []
    create = imitation._Engine._create

    def noting(self: Any, image: str, **more: Any) -> Any:
        given.append(more)
        return create(self, image, **more)

    monkeypatch.setattr(imitation._Engine, "_create", noting)
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    text = material.exercise("08.database").solution
    found: dict[str, Any] = {"os": os, "secrets": secrets, "pytest": pytest, "Iterator": Iterator}
    found["PostgresContainer"] = PostgresContainer
    exec(text, found)
    for _ in range(2):
        with fake_containers():
            made = found["database_url"].__wrapped__()
            assert next(made).startswith("postgresql+asyncpg://")
            assert next(made, None) is None
    assert [each["ports"] for each in given] == [{"5432": ("127.0.0.1", None)}] * 2
    passwords = {each["environment"]["POSTGRES_PASSWORD"] for each in given}
    assert len(passwords) == 2
    assert min(map(len, passwords)) > 20


def test_what_was_replaced_is_as_before_afterwards() -> None:
    before = [container.DockerClient, *(getattr(PostgresContainer, name) for name in NAMES)]
    with fake_containers():
        assert container.DockerClient is not before[0]
    after = [container.DockerClient, *(getattr(PostgresContainer, name) for name in NAMES)]
    assert after == before
