"""Stacks: a Compose file and a Dockerfile as data, run in containers and replayed."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook.authoring import sandbox
from workbook.authoring.known_answers import given
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.myapp import formats
from workbook.postgres.account import give, server_account
from workbook.postgres.binaries import find, reachable
from workbook.proof import mutate_text
from workbook.stack import Stack, World, context, dockerfile, engine, image
from workbook.stack.cluster import Maker
from workbook.stack.engine import Engine
from workbook.stack.reading import Unfit, filled, services
from workbook.stack.replay import Replay, holds_data, refuses
from workbook.stack.state import Line, State, last_words

APP = paths.ROOT / "app_reference"
COMPOSE = (APP / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (APP / "Dockerfile").read_text("utf-8")
WORLDS = [
    pytest.param(Replay, id="replayed"),
    pytest.param(Engine, id="in containers", marks=pytest.mark.skipif(
        not engine.answers(), reason="no Docker engine with Compose answers here")),
]  # fmt: skip
Make = Callable[[Path, str], World]


@pytest.fixture(scope="module", autouse=True)
def work() -> Iterator[Path]:
    """A learner's folder of the tests' own: clusters are kept there."""
    with sandbox.work() as own, sandbox.environment(own):
        yield Path(own["WORKBOOK_WORK"])


def app(tmp_path: Path, dockerfile: str = DOCKERFILE) -> Path:
    """A copy of the finished app."""
    folder = tmp_path / "app"
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "Dockerfile").write_text(dockerfile, "utf-8")
    return folder


# As data


def test_variables_are_filled_in_as_the_specification_says() -> None:
    known = {"A": "x", "EMPTY": ""}
    assert filled("$A ${A} $$A ${B:-y} ${EMPTY:-z} ${EMPTY-z}|${B}", known) == "x x $A y z |"
    for text in ("${B:?set B}", "${B?set B}", "${EMPTY:?set B}"):
        with pytest.raises(Unfit, match="is not set: set B"):
            filled(text, known)
    assert filled("${EMPTY?set B}", known) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("services: [db]", "it has no `services:`"),
        ("a: b: c", "it is not YAML"),
        ("services: {a: {depends_on: [b]}}", "waits for `b`, and there is no such service"),
        ("services: {a: {depends_on: {b: {condition: ready}}}, b: {}}", "no such state"),
        (
            "services: {a: {depends_on: {b: {condition: service_healthy}}}, b: {}}",
            "no health check",
        ),
        ("services: {a: {volumes: ['data:/x']}}", "is not under `volumes:`"),
        ("services: {a: {stop_grace_period: 5}}", "a duration has a unit"),
        ("services: {a: {healthcheck: {test: [true]}}}", "does not begin with CMD"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Unfit, match=re.escape(sentence)):
        services(text, {})


def test_the_finished_file_as_data() -> None:
    found = services(COMPOSE, {"POSTGRES_PASSWORD": "p"})
    assert list(found) == ["db", "migrate", "app"]
    assert found["db"].postgres == 18
    assert found["app"].after == {
        "db": "service_healthy", "migrate": "service_completed_successfully"}  # fmt: skip
    assert found["app"].grace == 25
    assert found["app"].ports == ("127.0.0.1:8000:8000",)


@pytest.mark.parametrize(
    ("image", "volume", "kept"),
    [
        ("postgres:17", "data:/var/lib/postgresql/data", True),
        ("postgres:17", "data:/var/lib/postgresql", False),
        ("postgres:18-alpine", "data:/var/lib/postgresql", True),
        ("postgres:18-alpine", "data:/var/lib/postgresql/18/docker", True),
        ("postgres:18-alpine", "data:/srv", False),
    ],
)
def test_where_an_image_keeps_its_data(image: str, volume: str, kept: bool) -> None:
    text = f"services: {{db: {{image: '{image}', volumes: ['{volume}']}}}}\nvolumes: {{data: }}"
    assert holds_data(services(text, {})["db"], volume) is kept


def test_an_image_from_18_on_refuses_the_old_path() -> None:
    text = "services: {db: {image: 'postgres:18', volumes: ['d:/var/lib/postgresql/data']}}"
    assert "unused mount/volume" in refuses(services(text + "\nvolumes: {d: }", {})["db"])


@pytest.mark.skipif(not engine.answers(), reason="no Docker engine answers here")
def test_the_real_image_says_the_same_of_its_data() -> None:
    """Where an official image from 18 on is there; a stand-in is another version."""
    command = ["docker", "image", "inspect", "-f", "{{.Config.Env}} {{.Config.Volumes}}"]
    done = subprocess.run([*command, "postgres:18-alpine"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip("postgres:18-alpine is not on this machine")
    assert "PGDATA=/var/lib/postgresql/18/docker" in done.stdout
    assert "map[/var/lib/postgresql:{}]" in done.stdout


def test_what_a_build_does_again() -> None:
    assert dockerfile.again(DOCKERFILE, "app/main.py") == []
    assert [s.kind for s in dockerfile.again(DOCKERFILE, "requirements.txt")] == ["RUN"]
    naive = "FROM a\nCOPY . .\nRUN pip install \\\n  -r requirements.txt\n"
    assert (
        str(dockerfile.again(naive, "app/main.py")[0]) == "RUN pip install    -r requirements.txt"
    )


def test_who_runs_what() -> None:
    assert dockerfile.user(DOCKERFILE) == "10001"
    assert dockerfile.user("FROM a\nUSER app:app") == "app"
    assert dockerfile.command(DOCKERFILE)[:2] == ("uvicorn", "app.main:app")
    assert dockerfile.command("FROM a\nCMD run me") == ("/bin/sh", "-c", "run me")
    assert dockerfile.command('FROM a\nENTRYPOINT ["a"]\nCMD ["b"]') == ("a", "b")


@pytest.mark.parametrize(
    ("path", "out"),
    [(".env", True), (".git/config", True), ("app/__pycache__/x.pyc", True),
     ("app/main.py", False), ("tests/conftest.py", True)],
)  # fmt: skip
def test_what_is_kept_out_of_a_build(path: str, out: bool) -> None:
    assert dockerfile.ignored((APP / ".dockerignore").read_text("utf-8"), path) is out
    assert not dockerfile.ignored("*\n!keep", "keep")


def test_where_files_lie_in_an_image() -> None:
    files = ["app/main.py", "app/routers/users.py", "alembic.ini", "alembic/env.py"]
    found, folder = context.image(DOCKERFILE, [*files, "requirements.txt"])
    assert folder == "/srv"
    assert found == {f"/srv/{name}": name for name in files}
    with pytest.raises(Unfit, match="from a stage that is not there before it"):
        context.image("FROM a\nCOPY --from=nowhere /x /y\n", files)
    with pytest.raises(Unfit, match="there is no requirements"):
        context.image(DOCKERFILE, files)
    given = "FROM a\nCOPY ./app alembic* none* /srv/\nADD https://a.test/b /srv/\nCOPY . /all/\n"
    assert "/all/alembic.ini" in context.image(given, files)[0]


def test_the_image_holds_nothing_that_nobody_needs() -> None:
    rules = (APP / ".dockerignore").read_text("utf-8")
    assert image.taken(DOCKERFILE, rules, image.PRIVATE) == []
    assert image.taken("FROM a\nCOPY . .", "", image.PRIVATE) == list(image.PRIVATE)


def test_the_apps_packages_are_those_of_the_workbook() -> None:
    """The image runs the versions that everything here was proved with."""
    lock = (paths.ROOT / "requirements.txt").read_text("utf-8")
    ours = {line.split(" ")[0] for line in lock.splitlines()}
    lines = (APP / "requirements.txt").read_text("utf-8").splitlines()
    wanted = {line for line in lines if line and not line.startswith("#")}
    assert {each for each in wanted if each.partition("[")[0] not in ours} == set()


def test_last_words_are_the_same_on_every_machine() -> None:
    lines = [Line(0, "x"), Line(1, "OSError: [Errno 61] Connect call failed ('::1', 5432)"),
             Line(2, "]"), Line(3, "")]  # fmt: skip
    assert last_words(lines) == "ConnectionRefusedError: connection refused"
    assert last_words(lines[2:]) == "]"
    assert last_words([]) == ""


# A file that grows by its services


def test_a_service_takes_the_place_of_its_namesake() -> None:
    kind = formats.for_path("docker-compose.yml")
    one = kind.merge("", "services:\n  a:\n    image: x\n\nvolumes:\n  data:\n")
    two = kind.merge(one, "services:\n  # of ours\n  b:\n    image: y\n")
    three = kind.merge(two, "services:\n  a:\n    image: z\n")
    assert three == (
        "services:\n  a:\n    image: z\n\n  # of ours\n  b:\n    image: y\n\nvolumes:\n  data:\n"
    )
    assert kind.defined(three) == ["a", "b"]
    assert kind.without(three, {"b"}) == kind.merge(one, "services:\n  a:\n    image: z\n")
    assert kind.with_reference("services:\n  a: {}\n", three, {"b"}).startswith(
        "services:\n  a: {}\n\n  # of"
    )


@pytest.mark.parametrize(
    "text",
    ["services:\n  a: [", "services:\n  a: 2026-13-45", "services:\n\ta: b", "just words", "a: 1"],
)
def test_what_is_no_compose_file_is_a_syntax_error(text: str) -> None:
    with pytest.raises(SyntaxError):
        formats.for_path("docker-compose.yml").check(text)


def test_mutants_of_a_file_lack_one_thing_each() -> None:
    names = [name for name, _ in mutate_text.blocks("services: {a: {b: [c, {d: e}]}}")]
    assert names == ["without a.b", "without a.b.0", "without a.b.1", "without a.b.1.d"]
    names = [name for name, _ in mutate_text.lines('FROM a\n# b\nCMD ["c"]\n')]
    assert names == ["without FROM a", 'without CMD ["c"]', 'by a shell: CMD ["c"]']


# As it runs


@pytest.mark.parametrize("make", WORLDS)
def test_a_first_start_that_takes_its_time_is_survived(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        async with Stack(make(app(tmp_path), COMPOSE)) as stack:
            rows = (await stack.up(ends=["migrate"], slow_start=True)).rows
            assert [row[1] for row in rows] == ["healthy", "healthy", "exited (0)"]
            before = [c.name for c in stack.changes if c.state.kind in ("running", "starting")]
            assert before.index("db") < before.index("app")
            async with await stack.client("app") as client:
                assert (await client.post("/teams", json={"name": "night"})).status_code == 201
            await stack.up(ends=["migrate"])
            async with await stack.client("app") as client:
                assert (await client.get("/teams")).json() == [{"id": 1, "name": "night"}]
            rows = (await stack.interrupt("app", "/teams", {"name": "day"})).rows
            assert [row[1] for row in rows] == ["answered: 201", "exited (0)"]

    asyncio.run(run())


RIGHT = [each for each in given("09.image") if each.right]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda each: each.name)
@pytest.mark.parametrize("make", WORLDS[1:])
def test_a_right_image_is_right_in_an_engine(make: Make, tmp_path: Path, answer: object) -> None:
    """What the checker has tried out without one: it runs, not as root, and ends when told."""
    compose = next(each for each in given("09.app") if each.right).text
    whole = formats.for_path("docker-compose.yml").merge(COMPOSE, compose)
    whole = whole.replace("127.0.0.1:8080:", "127.0.0.1:${APP_PORT}:")

    async def run() -> None:
        async with Stack(make(app(tmp_path, getattr(answer, "text", "")), whole)) as stack:
            rows = (await stack.up(ends=["migrate"])).rows
            assert [row[1] for row in rows] == ["healthy", "healthy", "exited (0)"], rows
            rows = (await stack.interrupt("app", "/teams", {"name": "day"})).rows
            assert [row[1] for row in rows] == ["answered: 201", "exited (0)"]

    asyncio.run(run())


def test_a_file_that_cannot_be_built_gets_a_sentence(tmp_path: Path) -> None:
    async def run() -> None:
        async with Stack(Replay(app(tmp_path, "INSTALL everything"), COMPOSE)) as stack:
            with pytest.raises(Problem, match="does not begin with an instruction"):
                await stack.up()
        async with Stack(Replay(tmp_path / "app", COMPOSE.replace("@db", "@db?"))) as stack:
            with pytest.raises(Problem, match="POSTGRES_PASSWORD is not set"):
                await stack.up(POSTGRES_PASSWORD="")

    asyncio.run(run())


def compose_is_there() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and not subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    )


@pytest.mark.skipif(not compose_is_there(), reason="docker compose is not installed")
def test_compose_itself_accepts_the_finished_file(tmp_path: Path) -> None:
    folder = app(tmp_path)
    command = ["docker", "compose", "config", "--quiet"]
    env = os.environ | {"POSTGRES_PASSWORD": "x"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    env = {key: value for key, value in os.environ.items() if key != "POSTGRES_PASSWORD"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    assert "set it in .env" in done.stderr


class Slow(Replay):
    """A database that needs three seconds before its private server is there."""

    async def begin(self, *arguments: Any, **more: Any) -> None:
        await super().begin(*arguments, **more)
        first = next(each for each in self._containers.values() if each.service.postgres)
        make = first._make  # type: ignore[attr-defined]

        async def late(*arguments: Any) -> None:
            await asyncio.sleep(3)
            await make(*arguments)

        first._make = late  # type: ignore[attr-defined]


def test_a_check_that_lies_is_not_believed_for_what_it_said_before(tmp_path: Path) -> None:
    """It said no often while nothing was there; that is no reason to let the first start go on."""
    lies = COMPOSE.replace('["CMD", "pg_isready", "-h", "127.0.0.1", ', '["CMD", "pg_isready", ')
    assert lies != COMPOSE

    async def run() -> None:
        async with Stack(Slow(app(tmp_path), lies)) as stack:
            rows = {
                row[0]: row[1:] for row in (await stack.up(ends=["migrate"], slow_start=True)).rows
            }
            assert rows["migrate"] == ("exited (1)", "ConnectionRefusedError: connection refused")

    asyncio.run(run())


def test_a_database_that_is_stopped_while_it_is_made_ends(tmp_path: Path) -> None:
    async def run() -> None:
        world = Replay(app(tmp_path), COMPOSE)
        try:
            await world.begin({"POSTGRES_PASSWORD": "p"}, {}, hold=False, more=False)
            await asyncio.sleep(0.02)
            await asyncio.wait_for(world.stop("db"), 20)
            assert (await world.states())["db"] == State("exited", 130)
        finally:
            await world.close()

    asyncio.run(run())


def test_a_cluster_is_made_once_and_copied_each_with_its_own_password(work: Path) -> None:
    maker = Maker(reachable(find()[0], server_account()), server_account())
    folder = give(Path(tempfile.mkdtemp(dir=work)), server_account())
    before = kept_clusters()
    for name, password in {"a": "p'q", "b": "other"}.items():
        assert any("ok" in line for line in maker.make(folder / name, "night watch", password))
    [kept] = kept_clusters() - before
    asked = "SELECT rolpassword FROM pg_authid WHERE rolsuper\n"
    secrets = {
        re.findall(r"SCRAM-SHA-256\S+", str(maker._run(*single(maker, data), text=asked)))[0]
        for data in (folder / "a", folder / "b", kept / "data")
    }
    assert len(secrets) == 3


def kept_clusters() -> set[Path]:
    return {path for path in (paths.state() / "clusters").glob("*") if path.is_dir()}


def single(maker: Maker, data: Path) -> tuple[str, ...]:
    return str(maker.programs / "postgres"), "--single", "-D", str(data), "postgres"


@pytest.mark.parametrize(
    ("user", "password", "why"), [("nightwatch", "", "password file"), ("pg_admin", "p", "pg_")]
)
def test_a_cluster_that_cannot_be_made_says_why(
    work: Path, user: str, password: str, why: str
) -> None:
    maker = Maker(reachable(find()[0], server_account()), server_account())
    folder = give(Path(tempfile.mkdtemp(dir=work)), server_account())
    with pytest.raises(RuntimeError, match=f"initdb ended with 1: .*{why}"):
        maker.make(folder / "data", user, password)


def test_an_engine_forgets_what_a_health_check_said_and_we_do_not(tmp_path: Path) -> None:
    world = engine.Engine(tmp_path, COMPOSE)
    world._ids, world._all_made = {"db": "4"}, True
    moments = iter([range(1, 4), range(2, 7), range(4, 9)])  # the last five of more and more

    async def inspected(*_: str, **__: bool) -> str:
        log = [{"Start": f"0:{n}", "ExitCode": 1} for n in next(moments)]
        state = {"Status": "running", "Health": {"Status": "starting", "Log": log}}
        return json.dumps([{"Id": "42", "State": state}])

    world._docker = inspected  # type: ignore[assignment, method-assign]
    refused = [asyncio.run(world.states())["db"].refused for _ in range(3)]
    assert refused == [3, 6, 8]
