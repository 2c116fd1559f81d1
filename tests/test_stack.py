"""Stacks: a Compose file and a Dockerfile as data, run in containers and replayed."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from workbook.authoring import sandbox
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.waiting import eventually
from workbook.material.known_answers import known_answers
from workbook.myapp import formats
from workbook.postgres import docker, probe, tools
from workbook.postgres.account import give, server_account
from workbook.postgres.binaries import find, reachable
from workbook.proof import mutate_text
from workbook.stack import (
    Stack,
    dockerfile,
    dockerignore,
    image_files,
    image_report,
    in_flight,
    state_chart,
)
from workbook.stack.backend import StackBackend
from workbook.stack.cluster import ClusterCache
from workbook.stack.compose_backend import ComposeBackend, engine_answers
from workbook.stack.compose_file import ComposeFileError, Health, filled, services
from workbook.stack.docker_command import DockerCommand
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.first_start import LOADING, FirstStart
from workbook.stack.health_watch import HealthWatch
from workbook.stack.postgres_image import holds_data, refusal
from workbook.stack.process_backend import ProcessBackend
from workbook.stack.stack import SECRETS
from workbook.stack.state import LogLine, State, StateChange, last_words

APP = paths.ROOT / "app_reference"
COMPOSE = (APP / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (APP / "Dockerfile").read_text("utf-8")
BACKENDS = [
    pytest.param(ProcessBackend, id="replayed"),
    pytest.param(ComposeBackend, id="in containers", marks=pytest.mark.skipif(
        not engine_answers(), reason="no Docker engine with Compose answers here")),
]  # fmt: skip
Make = Callable[[Path, str], StackBackend]
UP = {"app": "healthy", "db": "healthy", "migrate": "exited (0)", "worker": "running"}
"""The containers of the finished app, when all is well."""


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
        with pytest.raises(ComposeFileError, match="is not set: set B"):
            filled(text, known)
    assert filled("${EMPTY?set B}", known) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("services: [db]", "it has no `services:`"),
        ("a: b: c", "it is not YAML, line 1: YAML expects no key here"),
        ("a:\n  b:\n    c: 1\n   d: 2\n", "line 4: this line is indented like none of the lines"),
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
    with pytest.raises(ComposeFileError, match=re.escape(sentence)):
        services(text, {})


def test_the_finished_file_as_data() -> None:
    found = services(COMPOSE, SECRETS)
    assert list(found) == ["db", "migrate", "app", "worker"]
    assert found["db"].postgres == 18
    assert found["app"].after == {
        "db": "service_healthy", "migrate": "service_completed_successfully"}  # fmt: skip
    assert found["worker"].after == found["app"].after
    assert found["app"].grace == found["worker"].grace == 25
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
    assert "unused mount/volume" in refusal(services(text + "\nvolumes: {d: }", {})["db"])


@pytest.mark.skipif(not engine_answers(), reason="no Docker engine answers here")
def test_the_real_image_says_the_same_of_its_data() -> None:
    """Where an official image from 18 on is there; a stand-in is another version."""
    command = ["docker", "image", "inspect", "-f", "{{.Config.Env}} {{.Config.Volumes}}"]
    done = subprocess.run([*command, "postgres:18-alpine"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip("postgres:18-alpine is not on this machine")
    assert "PGDATA=/var/lib/postgresql/18/docker" in done.stdout
    assert "map[/var/lib/postgresql:{}]" in done.stdout


def test_what_a_build_does_again() -> None:
    assert dockerfile.invalidated_steps(DOCKERFILE, "app/main.py") == []
    assert [s.kind for s in dockerfile.invalidated_steps(DOCKERFILE, "requirements.txt")] == ["RUN"]
    naive = "FROM a\nCOPY . .\nRUN pip install \\\n  -r requirements.txt\n"
    assert (
        str(dockerfile.invalidated_steps(naive, "app/main.py")[0])
        == "RUN pip install  -r requirements.txt"
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
    assert dockerignore.ignores((APP / ".dockerignore").read_text("utf-8"), path) is out
    assert not dockerignore.ignores("*\n!keep", "keep")


def test_where_files_lie_in_an_image() -> None:
    files = ["app/main.py", "app/routers/users.py", "alembic.ini", "alembic/env.py"]
    found, folder = image_files.final_image(DOCKERFILE, [*files, "requirements.txt"])
    assert folder == "/srv"
    assert found == {f"/srv/{name}": name for name in files}
    with pytest.raises(DockerfileError, match="from a stage that is not there before it"):
        image_files.final_image("FROM a\nCOPY --from=nowhere /x /y\n", files)
    with pytest.raises(DockerfileError, match="there is no requirements"):
        image_files.final_image(DOCKERFILE, files)
    given = "FROM a\nCOPY ./app alembic* none* /srv/\nADD https://a.test/b /srv/\nCOPY . /all/\n"
    assert "/all/alembic.ini" in image_files.final_image(given, files)[0]


def test_the_image_holds_nothing_that_nobody_needs() -> None:
    rules = (APP / ".dockerignore").read_text("utf-8")
    assert image_report.files_taken(DOCKERFILE, rules, image_report.PRIVATE_FILES) == []
    assert image_report.files_taken("FROM a\nCOPY . .", "", image_report.PRIVATE_FILES) == list(
        image_report.PRIVATE_FILES
    )


def test_the_apps_packages_are_those_of_the_workbook() -> None:
    """The image runs the versions that everything here was proved with."""
    lock = (paths.ROOT / "requirements.txt").read_text("utf-8")
    ours = {line.split(" ")[0] for line in lock.splitlines()}
    lines = (APP / "requirements.txt").read_text("utf-8").splitlines()
    wanted = {line.split(" ")[0] for line in lines if line[:1].isalpha()}  # hashes are indented
    assert len(wanted) > 15
    assert {each for each in wanted if each.partition("[")[0] not in ours} == set()


def test_last_words_are_the_same_on_every_machine() -> None:
    lines = [LogLine(0, "x"), LogLine(1, "OSError: [Errno 61] Connect call failed ('::1', 5432)"),
             LogLine(2, "]"), LogLine(3, "")]  # fmt: skip
    assert last_words(lines) == "ConnectionRefusedError: connection refused"
    assert last_words(lines[2:]) == "]"
    assert last_words([]) == ""


def test_a_picture_goes_on_until_somebody_last_looked() -> None:
    """A stack that was given up after a minute has waited for a minute, and not for a second."""
    figure = state_chart.draw([StateChange(1.0, "db", State("starting"))], {}, until=61.0)
    assert [bar.get_width() for bar in figure.axes[0].patches] == [61.0]


def test_last_words_are_those_before_the_server_takes_its_leave() -> None:
    told = (
        "INFO:     Application startup complete.",
        "ERROR:    [Errno 98] error while attempting to bind on address: address already in use",
        "INFO:     Waiting for application shutdown.",
        "INFO:     Application shutdown complete.",
    )
    lines = [LogLine(when, text) for when, text in enumerate(told)]
    assert "already in use" in last_words(lines)
    failed = ("ImportError: no such name", "", "ERROR:    Application startup failed. Exiting.")
    lines = [LogLine(when, text) for when, text in enumerate(failed)]
    assert last_words(lines) == "ImportError: no such name"
    assert last_words(lines[2:]) == failed[-1]


@pytest.mark.parametrize(
    ("looks", "released"),
    [
        ([(False, 5, False)] * 3, False),  # refusals from before the loading tell nothing
        ([(False, 5, True), (False, 6, True)], False),
        ([(False, 5, True), (False, 6, True), (False, 7, True)], True),
        ([(False, 0, True), (False, 1, True), (False, 2, True)], False),
        ([(True, 0, False)], True),
    ],
)
def test_a_first_start_is_released_by_an_end_or_by_a_check_that_tells_the_truth(
    looks: list[tuple[bool, int, bool]], released: bool
) -> None:
    async def run() -> bool:
        first = FirstStart(held=True)
        for ended, refused, loading in looks:

            async def has_said(what: re.Pattern[str], told: bool = loading) -> bool:
                return told and what is LOADING

            await first.look(ended, refused, has_said)
            assert not await first.is_over(has_said)
        return first.released.is_set()

    assert asyncio.run(run()) is released


@pytest.mark.parametrize(
    ("fail_early", "answers", "kinds"),
    [
        (False, "nny", ["starting", "starting", "healthy"]),
        (False, "ynnnnnn", ["healthy"] * 6 + ["unhealthy"]),
        (False, "ynnynnn", ["healthy"] * 7),
        (False, "..nn", ["starting"] * 4),
        (True, "nnnnnn", ["starting"] * 5 + ["unhealthy"]),
        (False, "nnnnnny", ["starting"] * 5 + ["unhealthy", "healthy"]),
    ],
)
def test_a_health_check_counts_as_composes_does(
    fail_early: bool, answers: str, kinds: list[str]
) -> None:
    """A question each second, three times no: asked twice as often, six times no."""
    watch = HealthWatch(Health(("true",), interval=1.0, retries=3), fail_early)
    assert watch.pause == 0.5
    state, found = State("starting"), []
    for each in answers:
        state = watch.after(state, passed=each == "y", counts=each != ".")
        found.append(state.kind)
    assert found == kinds
    assert state.refused == len(answers) - answers.count("y")


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


async def log_in(stack: Stack, name: str) -> dict[str, str]:
    """Make a team in the stack's database, as the app's role; the headers of its lead."""
    host, port = await stack.backend.address("db", 5432)
    url = f"postgresql+asyncpg://nightwatch_app:{SECRETS['APP_PASSWORD']}@{host}:{port}/nightwatch"
    env = os.environ | {"DATABASE_URL": url, "TOKEN_KEY": SECRETS["TOKEN_KEY"], "PYTHONPATH": ""}
    command = [sys.executable, "-m", "app.new_team", name, "lea@x.test"]
    told = {"cwd": APP, "env": env, "input": PASSWORD, "capture_output": True, "text": True}
    made = await asyncio.to_thread(subprocess.run, command, timeout=60, **told)
    assert made.returncode == 0, made.stderr[-2000:]
    form = {"username": made.stdout.split()[-1], "password": PASSWORD}
    async with await stack.client("app") as client:
        answer = await client.post("/token", data=form)
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


PASSWORD = "a long word of Lea's"
ADA = {"name": "Ada", "email": "ada@x.test", "login": "ada", "team_id": 1}
CHANGES = ("ALTER TABLE team DISABLE ROW LEVEL SECURITY", "CREATE TABLE mine ()")


async def may(stack: Stack, statement: str) -> bool:
    """Whether the app's role may run this statement in the stack's database."""
    host, port = await stack.backend.address("db", 5432)
    connection = await asyncpg.connect(
        host=host,
        port=port,
        user="nightwatch_app",
        password=SECRETS["APP_PASSWORD"],
        database="nightwatch",
        timeout=10,
    )
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await connection.close(timeout=5)
    return True


@pytest.mark.parametrize("make", BACKENDS)
def test_two_teams_are_served_by_a_role_that_has_no_privilege(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        async with Stack(make(app(tmp_path), COMPOSE)) as stack:
            rows = (await stack.up(ends=["migrate"])).rows
            assert {row[0]: row[1] for row in rows} == UP
            heads = [await log_in(stack, name) for name in ("night", "day")]
            async with await stack.client("app") as client:
                for number, head in enumerate(heads, 1):
                    ada = ADA | {"team_id": number}
                    assert (await client.post("/users", json=ada, headers=head)).status_code == 201
                    other = ADA | {"team_id": 3 - number, "email": "ben@x.test"}
                    answer = await client.post("/users", json=other, headers=head)
                    assert answer.status_code == 403
                seen = [(await client.get("/users", headers=head)).json() for head in heads]
                assert [{user["team_id"] for user in users} for users in seen] == [{1}, {2}]
            assert not any([await may(stack, each) for each in CHANGES])
            assert await may(stack, "SELECT FROM team")

    asyncio.run(run())


@pytest.mark.parametrize("make", BACKENDS)
def test_a_first_start_that_takes_its_time_is_survived(make: Make, tmp_path: Path) -> None:
    async def run() -> None:
        async with Stack(make(app(tmp_path), COMPOSE)) as stack:
            rows = (await stack.up(ends=["migrate"], slow_start=True)).rows
            assert {row[0]: row[1] for row in rows} == UP
            before = [c.name for c in stack.changes if c.state.kind in ("running", "starting")]
            assert before.index("db") < before.index("app")
            head = await log_in(stack, "night")
            await stack.up(ends=["migrate"])
            async with await stack.client("app") as client:
                answer = await client.get("/teams", headers=head)
                assert answer.json() == [{"id": 1, "name": "night"}]
            rows = (await stack.interrupt("app", "/users", ADA, head)).rows
            assert [row[1] for row in rows] == ["answered: 201", "exited (0)"]

    asyncio.run(run())


BUILT = ("a_here_document", "a_mounted_list", "by_variables", "exec_in_a_shell", "its_own_account")
"""Right images that differ in kind; an engine needs half a minute to build and run one."""
RIGHT = [each for each in known_answers("09.image") if each.right and each.name in BUILT]


def test_the_images_that_an_engine_builds_are_there() -> None:
    assert sorted(each.name for each in RIGHT) == sorted(BUILT)


def builder_reads_here_documents() -> bool:
    """Since Docker 23; an older builder does where a file's first line names a newer syntax."""
    asked = ["version", "--format", "{{.Server.Version}}"]
    return int(docker.docker(*asked, seconds=10).stdout.partition(".")[0]) >= 23


@pytest.mark.parametrize("answer", RIGHT, ids=lambda each: each.name)
@pytest.mark.parametrize("make", BACKENDS[1:])
def test_a_right_image_is_right_in_an_engine(make: Make, tmp_path: Path, answer: object) -> None:
    """What the checker has tried out without one: it runs, not as root, and ends when told."""
    if "<<" in getattr(answer, "text", "") and not builder_reads_here_documents():
        pytest.skip("this engine is older than here-documents")

    async def run() -> None:
        async with Stack(make(app(tmp_path, getattr(answer, "text", "")), COMPOSE)) as stack:
            rows = (await stack.up(ends=["migrate"])).rows
            assert {row[0]: row[1] for row in rows} == UP
            head = await log_in(stack, "night")
            rows = (await stack.interrupt("app", "/users", ADA, head)).rows
            assert [row[1] for row in rows] == ["answered: 201", "exited (0)"]

    asyncio.run(run())


def test_a_file_that_cannot_be_built_gets_a_sentence(tmp_path: Path) -> None:
    async def run() -> None:
        async with Stack(ProcessBackend(app(tmp_path, "INSTALL everything"), COMPOSE)) as stack:
            with pytest.raises(Problem, match="does not begin with an instruction"):
                await stack.up()
        async with Stack(ProcessBackend(tmp_path / "app", COMPOSE.replace("@db", "@db?"))) as stack:
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
    env = os.environ | SECRETS
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    env = {key: value for key, value in os.environ.items() if key not in SECRETS}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    assert "set it in .env" in done.stderr


class SlowClusters(ClusterCache):
    """A database that needs three seconds before its private server is there."""

    def make(self, data: Path, user: str, password: str) -> list[str]:
        time.sleep(3)
        return super().make(data, user, password)


def test_a_check_that_lies_is_not_believed_for_what_it_said_before(tmp_path: Path) -> None:
    """It said no often while nothing was there; that is no reason to let the first start go on."""
    lies = COMPOSE.replace('["CMD", "pg_isready", "-h", "127.0.0.1", ', '["CMD", "pg_isready", ')
    assert lies != COMPOSE

    async def run() -> None:
        account = server_account()
        clusters = SlowClusters(reachable(find()[0], account), account)
        slow = ProcessBackend(app(tmp_path), lies, clusters=clusters)
        async with Stack(slow) as stack:
            rows = {
                row[0]: row[1:] for row in (await stack.up(ends=["migrate"], slow_start=True)).rows
            }
            assert rows["migrate"] == ("exited (1)", "ConnectionRefusedError: connection refused")

    asyncio.run(run())


def test_a_database_that_is_stopped_while_it_is_made_ends(tmp_path: Path) -> None:
    async def run() -> None:
        backend = ProcessBackend(app(tmp_path), COMPOSE)
        try:
            await backend.begin(SECRETS, {}, FirstStart(held=False))
            await asyncio.sleep(0.02)
            await asyncio.wait_for(backend.stop("db"), 20)
            assert (await backend.states())["db"] == State("exited", 130)
        finally:
            await backend.close()

    asyncio.run(run())


def test_a_database_that_is_stopped_while_its_first_start_is_held_ends(tmp_path: Path) -> None:
    async def run() -> None:
        backend = ProcessBackend(app(tmp_path), COMPOSE)

        async def has_said(words: str) -> bool:
            return any(words in line.text for line in await backend.log("db"))

        try:
            await backend.begin(SECRETS, {}, FirstStart(held=True))
            assert await eventually(lambda: has_said("running /docker-entrypoint"), 20)
            await asyncio.wait_for(backend.stop("db"), 20)
            assert (await backend.states())["db"] == State("exited", 130)
            assert not await has_said("init process complete")
        finally:
            await backend.close()

    asyncio.run(run())


def test_a_cluster_is_made_once_and_copied_each_with_its_own_password(work: Path) -> None:
    cache = ClusterCache(reachable(find()[0], server_account()), server_account())
    folder = give(Path(tempfile.mkdtemp(dir=work)), server_account())
    before = kept_clusters()
    for name, password in {"a": "p'q", "b": "other"}.items():
        assert any("ok" in line for line in cache.make(folder / name, "night watch", password))
    [kept] = kept_clusters() - before
    asked = "SELECT rolpassword FROM pg_authid WHERE rolsuper\n"
    secrets = {
        re.findall(r"SCRAM-SHA-256\S+", answer(cache, data, asked))[0]
        for data in (folder / "a", folder / "b", kept / "data")
    }
    assert len(secrets) == 3


def kept_clusters() -> set[Path]:
    return {path for path in (paths.state() / "clusters").glob("*") if path.is_dir()}


def answer(cache: ClusterCache, data: Path, asked: str) -> str:
    """What a server on this data answers, without being started."""
    single = ("--single", "-D", str(data), "postgres")
    _, said = tools.run(cache.programs / "postgres", *single, account=cache.account, text=asked)
    return said


@pytest.mark.parametrize(
    ("user", "password", "why"), [("nightwatch", "", "password file"), ("pg_admin", "p", "pg_")]
)
def test_a_cluster_that_cannot_be_made_says_why(
    work: Path, user: str, password: str, why: str
) -> None:
    cache = ClusterCache(reachable(find()[0], server_account()), server_account())
    folder = give(Path(tempfile.mkdtemp(dir=work)), server_account())
    with pytest.raises(RuntimeError, match=f"initdb ended with 1: .*{why}"):
        cache.make(folder / "data", user, password)


class ForgetfulEngine(DockerCommand):
    """An engine with one container, which tells the last five of more and more refusals."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "nightwatch-00000000")
        self._moments = iter([range(1, 4), range(2, 7), range(4, 9)])

    async def compose(self, *words: str, seconds: float = 1, may_fail: bool = False) -> str:
        return json.dumps({"Service": "db", "Name": "nightwatch-00000000-db-1", "ID": "4"})

    async def docker(self, *words: str, both: bool = False, may_fail: bool = False) -> str:
        log = [{"Start": f"0:{n}", "ExitCode": 1} for n in next(self._moments)]
        state = {"Status": "running", "Health": {"Status": "starting", "Log": log}}
        return json.dumps([{"Id": "42", "State": state}])


def test_an_engine_forgets_what_a_health_check_said_and_we_do_not(tmp_path: Path) -> None:
    backend = ComposeBackend(tmp_path, COMPOSE, ForgetfulEngine(tmp_path))
    refused = [asyncio.run(backend.states())["db"].refused for _ in range(3)]
    assert refused == [3, 6, 8]


def test_a_request_that_cannot_be_sent_ends_and_its_server_is_stopped(tmp_path: Path) -> None:
    """Where nobody listens it ends before half of it is sent."""
    stopped = []

    async def stop() -> None:
        stopped.append(True)

    async def run() -> str:
        url = f"http://127.0.0.1:{probe.free_port()}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            return await in_flight.stop_during_request(client, "/teams", {}, stop)

    assert asyncio.run(run()) == "cut off: no answer"
    assert stopped == [True]


@pytest.mark.parametrize("line", ["ENV POSTGRES_PASSWORD=x", "ARG TOKEN=x", "ENV A=pg://u:p@h/d"])
def test_a_password_in_an_image_is_named(line: str) -> None:
    assert image_report.secrets_in(f"FROM a\n{line}\nENV PORT=1 URL=http://h\n") == [
        f"{line.partition('=')[0]}=…"
    ]
