"""`docker compose up`: the workbook and the reference app in containers, with real requests."""

import contextlib
import json
import os
import re
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from workbook.base import paths
from workbook.postgres.docker import engine
from workbook.postgres.probe import free_port

FILE = paths.ROOT / "docker-compose.yml"
STRANGER = 4321
"""An account that no image has; as anybody but root, the files are our own."""
needs_engine = pytest.mark.skipif(not engine(), reason="no Docker engine answers here")


@dataclass(frozen=True)
class Stack:
    """A Compose project of the tests' own."""

    environment: dict[str, str]
    work: Path
    owner: int
    lab: str
    app: str
    token: str

    def compose(self, *words: str, seconds: float = 60, **environment: Any) -> str:
        """What a command of Compose said on its standard output."""
        command = ["docker", "compose", "--file", str(FILE), "--profile", "app", *words]
        done = subprocess.run(
            command,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def up(self, *services: str) -> None:
        """Build and start these and what they need, until they are healthy."""
        flags = ["--build", "--detach", "--wait", "--wait-timeout", "180"]
        try:
            self.compose("up", *flags, *services, seconds=1200)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.compose('logs', '--tail', '30')}") from None

    def state(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        said = self.compose("ps", "--all", "--format", "json", service)
        found: dict[str, Any] = json.loads(said.splitlines()[0])
        return found

    def in_lab(self, *command: str, seconds: float = 60) -> str:
        """Run a command in the running lab as the learner, as JupyterLab's terminal does."""
        step_down = ["python3", "/workbook/docker/as_owner.py"]
        return self.compose("exec", "-T", "lab", *step_down, *command, seconds=seconds)

    def ask(self, path: str, *, token: str = "", **more: Any) -> httpx.Response:
        """Call JupyterLab."""
        headers = {"Authorization": f"token {token}"} if token else {}
        method = more.pop("method", "GET")
        return httpx.request(
            method, self.lab + path, headers=headers, timeout=10, **more, trust_env=False
        )


def made(name: str, top: Path) -> Stack:
    """Ports, a token and a folder that belong to nobody else."""
    top.chmod(0o755)
    owner = os.getuid() or STRANGER
    (work := top / "work").mkdir()
    os.chown(work, owner, -1)
    lab, app, token = free_port(), free_port(), uuid.uuid4().hex
    here = "http://127.0.0.1"
    mine = {
        "COMPOSE_PROJECT_NAME": f"workbook-{name}-{os.getpid()}",
        "WORKBOOK_WORK": str(work),
        "WORKBOOK_TOKEN": token,
        "WORKBOOK_LAB_PORT": str(lab),
        "WORKBOOK_APP_PORT": str(app),
    }
    theirs = ("WORKBOOK_UID", "WORKBOOK_GID", "WORKBOOK_DB_PASSWORD", "WORKBOOK_DATABASE_PREFIX")
    environment = {key: value for key, value in os.environ.items() if key not in theirs} | mine
    return Stack(environment, work, owner, f"{here}:{lab}", f"{here}:{app}", token)


@contextlib.contextmanager
def running(service: str, top: Path) -> Iterator[Stack]:
    """This service and what it needs; afterwards nothing is left of it."""
    stack = made(service, top)
    try:
        stack.up(service)
        yield stack
    finally:
        stack.compose("down", "--volumes", "--rmi", "local", "--timeout", "10", seconds=120)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """JupyterLab and its database, started once for all tests."""
    with running("lab", tmp_path_factory.mktemp("lab")) as stack:
        yield stack


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The reference app, on a database server of its own: a notebook's proof wants nobody else."""
    with running("app", tmp_path_factory.mktemp("app")) as stack:
        yield stack


def owners(folder: Path) -> set[int]:
    """Who owns what is in there; a file may go while we look."""
    found: set[int] = set()
    for each in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.add(each.lstat().st_uid)
    return found


def until(what: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@needs_engine
def test_jupyterlab_answers_with_the_token_and_refuses_without(stack: Stack) -> None:
    assert stack.ask("/api").status_code == 200
    assert stack.ask("/api/contents").status_code == 403
    assert stack.ask("/api/contents", token="wrong").status_code == 403
    listed = stack.ask("/api/contents", token=stack.token).json()["content"]
    assert "00_first_query.ipynb" in {each["name"] for each in listed}


@needs_engine
def test_another_host_name_is_refused_although_it_listens_everywhere(stack: Stack) -> None:
    """A page elsewhere may name an address of its own that leads here."""
    headers = {"Host": "elsewhere.test", "Authorization": f"token {stack.token}"}
    assert (
        httpx.get(f"{stack.lab}/api/contents", headers=headers, trust_env=False).status_code == 403
    )


@needs_engine
def test_the_address_that_it_prints_is_the_one_that_works(stack: Stack) -> None:
    said = stack.compose("logs", "--no-log-prefix", "lab")
    address = re.search(r"http://127\.0\.0\.1:\d+/lab\S*", said)
    assert address, said
    assert address[0].startswith(f"{stack.lab}/lab/tree/00_first_query.ipynb?token={stack.token}")
    assert (
        httpx.get(address[0], follow_redirects=True, timeout=10, trust_env=False).status_code == 200
    )
    assert f"Your files are in {stack.work}." in said


@needs_engine
def test_ports_are_published_to_this_machine_only(stack: Stack) -> None:
    published = {name: stack.state(name)["Publishers"] for name in ("lab", "db")}
    assert {each["URL"] for each in published["lab"] if each["PublishedPort"]} == {"127.0.0.1"}
    assert not [each for each in published["db"] if each["PublishedPort"]]


@needs_engine
def test_another_password_is_taken_up_by_database_and_lab(stack: Stack) -> None:
    """The volume is that of the earlier start, and the password has what a URL must escape."""
    changed = Stack(**vars(stack) | {"environment": stack.environment | {PASSWORD: "p@ss/w:rd"}})
    kept = ["python3", "wb", "db", "url"]
    assert "p%40ss%2Fw%3Ard@db:5432" not in stack.in_lab(*kept)
    changed.up("lab")
    assert "p%40ss%2Fw%3Ard@db:5432" in stack.in_lab(*kept)
    assert "reads the same" in stack.in_lab("python3", "-c", ASK)
    stack.up("lab")
    assert "reads the same" in stack.in_lab("python3", "-c", ASK)


PASSWORD = "WORKBOOK_DB_PASSWORD"
ASK = """
import asyncio, asyncpg, os
async def main():
    for name in ("WORKBOOK_DATABASE_URL", "WORKBOOK_ADMIN_URL"):
        connection = await asyncpg.connect(os.environ[name])
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    print("reads the same")
asyncio.run(main())
"""


@needs_engine
def test_a_file_saved_in_jupyterlab_is_on_the_host_and_belongs_to_its_user(stack: Stack) -> None:
    body = {"type": "file", "format": "text", "content": "mine"}
    saved = stack.ask("/api/contents/a.txt", token=stack.token, method="PUT", json=body)
    assert saved.status_code == 201
    file = stack.work / "a.txt"
    assert file.read_text() == "mine"
    assert owners(stack.work) == {stack.owner}
    file.write_text("from outside")
    found = stack.ask("/api/contents/a.txt", token=stack.token).json()
    assert found["content"] == "from outside"


@needs_engine
def test_jupyterlab_and_the_commands_run_as_that_user(stack: Stack) -> None:
    assert stack.in_lab("id", "-u").strip() == str(stack.owner)

    def accounts() -> set[str]:
        return set(stack.in_lab("python3", "-c", PROCESSES).split())

    # The engine asks for the lab's health as root, a moment every few seconds.
    assert until(lambda: accounts() == {str(stack.owner)}), accounts()
    said = stack.compose("exec", "-T", "lab", "wb", "status")
    assert "0 of 3 right" in said
    assert f"Your files: {stack.work}" in said
    assert owners(stack.work) == {stack.owner}


PROCESSES = """
import psutil
print(*(p.uids().real for p in psutil.process_iter(["name"]) if "python" in p.info["name"]))
"""


@needs_engine
def test_the_whole_first_notebook_holds_in_the_container(stack: Stack) -> None:
    """It starts a lab, checks answers, and reads what Postgres saw."""
    run = ["env", "WORKBOOK_DATABASE_PREFIX=proof", "python3", "-m", "pytest", "-q", "--nbval"]
    said = stack.in_lab(*run, "-p", "no:cacheprovider", NOTEBOOK, seconds=180)
    assert re.search(r"\d\d passed in", said), said
    assert "failed" not in said


NOTEBOOK = "solutions/00_first_query.ipynb"


@needs_engine
def test_a_lesson_can_have_a_server_of_its_own_to_break(stack: Stack) -> None:
    assert stack.in_lab("python3", "-c", OWN).split() == ["True", "True"]


OWN = """
from pathlib import Path
from workbook.postgres import new_private_cluster
server = new_private_cluster(Path("/var/tmp/own/cluster"))
server.start()
print(server.alive())
server.restart("immediate")
print(server.alive())
server.stop()
"""


RUN = ["run", "--rm", "--no-deps", "-T"]


@needs_engine
def test_a_folder_that_the_engine_makes_becomes_the_users(stack: Stack, tmp_path: Path) -> None:
    """Root makes a folder that is missing; the checkout's owner says who it is meant for."""
    expected = FILE.stat().st_uid or 1000
    tmp_path.chmod(0o755)
    command = [*RUN, "lab", "sh", "-c", "touch work/mine && id -u"]
    said = stack.compose(*command, WORKBOOK_WORK=str(tmp_path / "new"))
    assert said.split() == [str(expected)]
    assert owners(tmp_path) == {expected}


@needs_engine
def test_whoever_is_named_is_who_runs(stack: Stack) -> None:
    ids = "import os; print(os.getresuid(), os.getresgid(), os.getgroups())"
    named: dict[str, Any] = {"WORKBOOK_UID": "2345", "WORKBOOK_GID": "3456"}
    said = stack.compose(*RUN, "lab", "python3", "-c", ids, **named)
    assert said.strip() == f"{(2345,) * 3} {(3456,) * 3} []"


@needs_engine
def test_in_rootless_docker_root_is_the_hosts_user_and_has_servers_too(stack: Stack) -> None:
    said = stack.compose(*RUN, "lab", "python3", "-c", OWN, WORKBOOK_UID="0")
    assert said.split() == ["True", "True"]


@needs_engine
def test_the_reference_app_is_migrated_and_keeps_its_rows(app: Stack) -> None:
    assert app.state("migrate")["ExitCode"] == 0
    make = "echo 'a long word of hers' | python -m app.new_team night lea@x.test"
    username = app.compose("exec", "-T", "app", "sh", "-c", make).split()[-1]
    form = {"username": username, "password": "a long word of hers"}
    answer = httpx.post(f"{app.app}/token", data=form, timeout=10, trust_env=False)
    assert answer.status_code == 200, answer.text
    app.compose("restart", "app")
    assert until(lambda: answers(f"{app.app}/readyz"))
    head = {"authorization": f"Bearer {answer.json()['access_token']}"}
    seen = httpx.get(f"{app.app}/teams", headers=head, timeout=10, trust_env=False).json()
    assert [each["name"] for each in seen] == ["night"]


def answers(address: str) -> bool:
    """Whether a server is there and says yes."""
    try:
        return httpx.get(address, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@needs_engine
def test_the_reference_app_has_a_database_and_a_role_of_its_own(app: Stack) -> None:
    psql = ["exec", "-T", "db", "psql", "-h", "127.0.0.1", "-U", "workbook", "-d", "app", "-Atc"]
    roles = ["app|f|f|f", "nightwatch_app|f|f|f"]
    assert app.compose(*psql, OWNERS).split() == [*roles, "team|app"]


OWNERS = """
SELECT rolname, rolsuper, rolcreatedb, rolbypassrls
FROM pg_roles WHERE rolname IN ('app', 'nightwatch_app') ORDER BY rolname;
SELECT tablename, tableowner FROM pg_tables WHERE tablename = 'team'
"""


@needs_engine
def test_stopping_is_graceful_and_starting_again_finds_everything(stack: Stack) -> None:
    """A kernel that runs is stopped with it."""
    kernel = stack.ask("/api/kernels", token=stack.token, method="POST", json={})
    assert kernel.status_code == 201
    began = time.monotonic()
    stack.compose("stop", "lab")
    assert time.monotonic() - began < 25
    assert stack.state("lab")["ExitCode"] in (0, 143)
    assert "Stopped." in stack.compose("logs", "lab")
    (stack.work / "kept.txt").write_text("kept")
    stack.up("lab")
    assert stack.ask("/api/contents/kept.txt", token=stack.token).status_code == 200


def test_asking_for_the_database_alone_starts_nothing_else() -> None:
    services = yaml.safe_load(FILE.read_text())["services"]
    assert "depends_on" not in services["db"]
    assert "profiles" not in services["lab"]
    assert all(services[name]["profiles"] == ["app"] for name in ("app", "migrate"))


def test_secrets_and_the_learners_work_stay_out_of_the_image() -> None:
    ignored = (paths.ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".env", ".venv", "work"} <= set(ignored)
