"""The reference app under generated requests and under hostile ones: 4xx, and never a 5xx."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest
import yaml
from packaging.requirements import Requirement
from postgres_fixtures import until

from workbook import postgres
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.base.urls import for_sqlalchemy
from workbook.postgres import databases, docker

APP = paths.ROOT / "app_reference"
SEED, EXAMPLES = 20261124, 40
USER = {"name": "Zoë", "email": "zoe@x.test", "login": "zoe", "team_id": 1}
ALERT = {"team_id": 1, "dedupe_key": "db-1", "title": "Disk is full", "severity": "major"}
JSON = {"content-type": "application/json"}
LEA, PASSWORD = "1/lea@x.test", "a long word of Lea's"


@dataclass(frozen=True)
class Service:
    """The app on a real uvicorn."""

    address: str
    log: Path
    token: str

    @property
    def says_who(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The app on a database made by its migrations, with a team whose lead has logged in."""
    log = tmp_path_factory.mktemp("service") / "log"
    with sandbox.server():
        running = postgres.attach()
        asyncio.run(databases.recreate(running, "service"))
        url = for_sqlalchemy(running.url("service"))
        env = os.environ | {"DATABASE_URL": url, "PYTHONPATH": "", "TOKEN_KEY": 32 * "k"}
        upgrade = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(upgrade, cwd=APP, env=env, timeout=60, check=True, capture_output=True)
        make = [sys.executable, "-m", "app.new_team", "night", LEA.partition("/")[2]]
        said = PASSWORD.encode()
        subprocess.run(make, cwd=APP, env=env, timeout=60, check=True, input=said)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", port]
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=APP, env=env, stdout=out, stderr=out)
        try:
            yield ready(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            assert process.wait(20) in (0, -15)


def ready(address: str, log: Path) -> Service:
    """Wait until it answers, half a minute at most; then somebody logs in, and adds one of each."""
    for _ in range(300):
        try:
            if httpx.get(f"{address}/readyz", timeout=2, trust_env=False).status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    form = {"username": LEA, "password": PASSWORD}
    answer = httpx.post(f"{address}/token", data=form, trust_env=False)
    assert answer.status_code == 200, log.read_text()[-2000:]
    service = Service(address, log, answer.json()["access_token"])
    for path, body in ("/users", USER), ("/alerts", ALERT):
        added = httpx.post(address + path, json=body, headers=service.says_who, trust_env=False)
        assert added.status_code == 201, added.text
    return service


def own_tests(folder: Path = APP, *which: str, **environment: str) -> str:
    """What pytest says of the app's own tests in this copy of it, or of these; all must pass."""
    ran = run_own_tests(folder, *which, **environment)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    return ran.stdout


def run_own_tests(
    folder: Path = APP, *which: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run them as the app's users do."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TEST_", "DATABASE_"))}
    env |= {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *which]
    return subprocess.run(
        command,
        cwd=folder,
        env=env | environment,
        timeout=300,
        capture_output=True,
        text=True,
    )


COST = """
from pathlib import Path

import pytest
from sqlalchemy import event, text

connections, statements = [], []


@pytest.fixture(scope="session", autouse=True)
async def counted(engine):
    event.listen(engine.sync_engine, "connect", lambda *_: connections.append(1))
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *_: statements.append(1))


@pytest.mark.parametrize("number", range(60))
async def test_isolated(number, session):
    await session.execute(text("SELECT 1"))
    await session.commit()


def test_is_over():
    Path("counted").write_text(f"{len(connections)} {len(statements)}")
"""


@pytest.fixture(scope="module")
def named() -> Iterator[postgres.Server]:
    """A server for the app's own tests, whose database TEST_DATABASE_URL names."""
    with sandbox.server():
        yield postgres.attach()


@pytest.fixture(scope="module")
def sixty(named: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Sixty tests with one statement each: all connections and statements."""
    app = tmp_path_factory.mktemp("cost") / "app"
    shutil.copytree(APP, app, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    (app / "tests" / "test_cost.py").write_text(COST, "utf-8")
    assert passed_on(named, app) == 61
    return [int(each) for each in (app / "counted").read_text().split()]


def test_its_fixtures_cost_a_test_a_savepoint_and_no_connection(sixty: list[int]) -> None:
    connections, statements = sixty
    assert connections == 0
    assert statements == 60 * len(["SAVEPOINT", "SELECT 1", "RELEASE SAVEPOINT"])


def test_its_own_tests_pass(named: postgres.Server) -> None:
    assert passed_on(named, APP) > 30


@pytest.fixture(scope="module")
def precious(named: postgres.Server) -> str:
    """The name of a database that somebody has migrated, and that holds a team."""
    asyncio.run(databases.recreate(named, "precious"))
    env = os.environ | {"DATABASE_URL": for_sqlalchemy(named.url("precious")), "PYTHONPATH": ""}
    upgrade = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(upgrade, cwd=APP, env=env, timeout=60, check=True, capture_output=True)
    admin = named.url("precious", role="admin")
    asyncio.run(run_there(admin, "INSERT INTO team (name) VALUES ('night')"))
    return "precious"


async def run_there(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("command", ["app.new_team night lea@x.test", "app.worker"])
def test_its_commands_refuse_a_login_that_no_policy_holds(
    named: postgres.Server, precious: str, command: str
) -> None:
    url = for_sqlalchemy(named.url(precious, role="admin"))
    ran = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=APP,
        env=os.environ | {"DATABASE_URL": url, "PYTHONPATH": ""},
        input=PASSWORD,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("no policy holds the login of DATABASE_URL")) == (1, 1)
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "name", ["dev", "latest", "dev_test"], ids=["no word of it", "a part of a word", "not theirs"]
)
def test_its_own_tests_leave_a_database_alone_that_may_be_somebodys(
    named: postgres.Server, precious: str, name: str
) -> None:
    asyncio.run(databases.recreate(named, name, precious))
    ran = run_own_tests(TEST_DATABASE_URL=for_sqlalchemy(named.url(name)))
    admin = named.url(name, role="admin")
    assert asyncio.run(run_there(admin, "SELECT name FROM team")) == "night"
    assert ran.stdout.count(f"Tests delete all rows, so {name} is refused") == 1, "said once"
    assert ran.returncode == 4, "what pytest ends with where it cannot begin"


def test_its_own_tests_pass_again_on_the_database_that_they_have_made(
    named: postgres.Server,
) -> None:
    asyncio.run(databases.recreate(named, "again_test"))
    url = for_sqlalchemy(named.url("again_test"))
    for _ in "12":
        assert " passed" in own_tests(APP, "tests/test_schema.py", TEST_DATABASE_URL=url)


def test_no_policy_is_passed_by_where_a_superuser_runs_its_tests(named: postgres.Server) -> None:
    asyncio.run(databases.recreate(named, "super_test"))
    url = for_sqlalchemy(named.url("super_test", role="admin"))
    which = [f"tests/test_{name}.py" for name in ("tenancy", "schema", "worker")]
    assert " passed" in own_tests(APP, *which, TEST_DATABASE_URL=url)


def passed_on(server: postgres.Server, folder: Path) -> int:
    """How many tests of this copy of the app pass on an empty database."""
    asyncio.run(databases.recreate(server, "own_tests"))
    said = own_tests(folder, TEST_DATABASE_URL=for_sqlalchemy(server.url("own_tests")))
    passed = re.search(r"(\d+) passed in ", said)
    assert passed, said
    return int(passed[1])


@pytest.mark.skipif(not docker.engine(), reason="no Docker engine answers here")
def test_its_own_tests_pass_on_a_container_that_they_start() -> None:
    image = os.environ.get("WORKBOOK_PG_IMAGE", "postgres:18-alpine")
    assert "passed in" in own_tests(TEST_POSTGRES_IMAGE=image)


PIN = re.compile(r"(?m)^([a-z0-9-]+)==(\S+)(?: ;.*?)? \\\n    --hash=sha256:")


def test_its_locks_name_a_hash_for_each_package_that_it_asks_for() -> None:
    asked = tomllib.loads((APP / "pyproject.toml").read_text("utf-8"))
    runs, dev = (_locked(APP / name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert _names(asked["project"]["dependencies"]) <= runs.keys()
    assert _names(asked["dependency-groups"]["dev"]) <= dev.keys() - runs.keys()
    assert runs.items() <= dev.items()


def _locked(path: Path) -> dict[str, str]:
    """Each package and its version; all of them have a hash."""
    text = path.read_text("utf-8")
    found = dict(PIN.findall(text))
    assert len(found) == len(re.findall(r"(?m)^[a-z]", text))
    return found


def _names(asked: list[str]) -> set[str]:
    return {Requirement(each).name for each in asked}


def test_its_health_check_asks_this_machine_whatever_proxy_is_set(service: Service) -> None:
    """Docker's client writes the proxies of its settings into each container's environment."""
    compose = yaml.safe_load((APP / "docker-compose.yml").read_text("utf-8"))
    kind, program, *asks = compose["services"]["app"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    asks = [each.replace("http://127.0.0.1:8000", service.address) for each in asks]
    env = os.environ | {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    for name in ("NO_PROXY", "no_proxy"):
        env.pop(name, None)
    asked = [sys.executable, *asks]
    ran = subprocess.run(asked, env=env, timeout=30, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    wrong = [each.replace("/readyz", "/no-such-page") for each in asked]
    assert subprocess.run(wrong, env=env, timeout=30, capture_output=True, check=False).returncode


def test_its_version_stands_in_one_place() -> None:
    asked = tomllib.loads((APP / "pyproject.toml").read_text("utf-8"))
    module, _, name = asked["tool"]["setuptools"]["dynamic"]["version"]["attr"].rpartition(".")
    text = (APP / f"{module.replace('.', '/')}.py").read_text("utf-8")
    assert re.search(rf'(?m)^{name} = "\d+\.\d+\.\d+"$', text)
    assert "version" in asked["project"]["dynamic"] and "version" not in asked["project"]


def test_generated_requests_find_no_server_error_and_no_broken_promise(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, log = service.address, service.log
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
            *("--checks", "all", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
            *("--generation-database", "none", "--no-color", "--request-timeout", "10"),
            *("--header", f"Authorization: Bearer {service.token}"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said[-6000:] + log.read_text()[-3000:]
    cases = re.search(r"(\d+) generated", said)
    assert cases and int(cases[1]) > 300, said[-2000:]
    with capsys.disabled():
        print(f"\nschemathesis: {cases[1]} cases, seed {SEED}, no failure")


def body(**change: object) -> dict[str, object]:
    return USER | change


HOSTILE: dict[str, tuple[str, str, bytes | dict[str, object] | None]] = {
    "an id past int4": ("GET", "/users/2147483648", None),
    "an id past int8": ("GET", "/incidents/9223372036854775808", None),
    "an id of a thousand digits": ("GET", f"/teams/{'9' * 1000}", None),
    "a NUL byte in a path": ("GET", "/users/%00", None),
    "a negative limit": ("GET", "/users?limit=-1", None),
    "a limit without end": ("GET", "/users?limit=1000000", None),
    "an after past int8": ("GET", "/users?after=99999999999999999999", None),
    "no JSON": ("POST", "/users", b'{"name": '),
    "no body": ("POST", "/users", b""),
    "bytes that are no UTF-8": ("POST", "/users", b"\xff\xfe"),
    "a list": ("POST", "/users", b"[]"),
    "brackets, thirty thousand deep": ("POST", "/alerts", b"[" * 30_000),
    "a NUL byte in a name": ("POST", "/users", body(name="Zo\0")),
    "a lone surrogate in a name": ("POST", "/users", b'{"name": "\\ud800"}'),
    "a lone surrogate as a field": ("POST", "/users", b'{"\\ud800": 1}'),
    "a team that is NaN": ("POST", "/users", b'{"team_id": NaN}'),
    "a team past every float": ("POST", "/users", b'{"team_id": 1e400}'),
    "a team that is another one, or none": ("POST", "/users", body(email="b@x.test", team_id=99)),
    "a host that is no text": ("POST", "/alerts", ALERT | {"payload": {"host": {}}}),
    "a NUL byte in a host": ("GET", "/alerts?host=%00", None),
    "an alert past int8": ("GET", "/alerts?host=a&before=99999999999999999999", None),
    "a cursor that is none": ("GET", "/events?cursor=1", None),
    "a cursor of letters that are none": ("GET", "/events/export?cursor=%C3%A4" + "A" * 19, None),
    "a NUL byte in a key": ("GET", "/events?dedupe_key=%00", None),
    "a history without end": ("GET", "/events?limit=1000000", None),
    "a password of ten thousand letters": (
        *("PUT", "/users/1/password"),
        {"password": "a" * 10_000},
    ),
    "an email that is taken": ("POST", "/users", body(email="ZOE@x.test")),
    "an email of 400 characters": ("POST", "/users", body(email="z" * 400 + "@x.test")),
    "a field that nobody knows": ("POST", "/users", body(is_admin=True)),
    "ten megabytes": ("POST", "/users", body(name="Z" * 10_000_000)),
    "a NUL byte in a payload": ("POST", "/alerts", ALERT | {"payload": {"a": ["\0"]}}),
    "a NUL byte as a payload's key": ("POST", "/alerts", ALERT | {"payload": {"\0": 1}}),
    "a severity that is none": ("POST", "/alerts", ALERT | {"severity": "high"}),
    "a user who does not exist": ("POST", "/incidents/1/acknowledgements", {"user_id": 99}),
}
PAYLOAD = b'{"team_id": 1, "dedupe_key": "k", "title": "t", "severity": "minor", "payload": %s}'
for name, value in {
    "NaN in a payload": b'{"a": NaN}',
    "infinity in a payload": b'{"a": 1e400}',
    "a lone surrogate in a payload": b'{"a": "\\udfff"}',
}.items():
    HOSTILE[name] = ("POST", "/alerts", PAYLOAD % value)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_request_is_the_clients_fault(service: Service, what: str) -> None:
    address, log = service.address, service.log
    method, path, sent = HOSTILE[what]
    content = {"json": sent} if isinstance(sent, dict) else {"content": sent}
    headers = JSON | service.says_who
    answer = httpx.request(
        method, address + path, headers=headers, timeout=20, **content, trust_env=False
    )
    assert 400 <= answer.status_code < 500, answer.text + log.read_text()[-2000:]
    assert answer.headers["x-request-id"]
    helps = answer.text if answer.status_code == 413 else answer.json()["detail"]
    assert len(helps) > 8, answer.text


LINES = (
    *(sent for _, path, sent in HOSTILE.values() if path == "/alerts" and isinstance(sent, bytes)),
    *(b"", b"\xff\xfe", b"[]", b"1", b'"a"', b"{}", b'{"team_id": 1e400}', b"\0", b"x" * 100_000),
)


def test_each_line_of_its_process_is_json_and_a_request_has_one(service: Service) -> None:
    headers = {"x-request-id": "of-the-proxy"}
    httpx.get(f"{service.address}/livez", headers=headers, trust_env=False)
    # A client can have its answer before the line is written, the last thing done for a request.
    assert until(lambda: any(each["request"] == "of-the-proxy" for each in logged(service)))
    lines = logged(service)
    assert any("Started server process" in each["message"] for each in lines)
    [line] = [each for each in lines if each["request"] == "of-the-proxy"]
    assert (line["path"], line["status"]) == ("/livez", 200)


def logged(service: Service) -> list[dict[str, object]]:
    """The lines that are written whole by now."""
    whole, _, _ = service.log.read_text("utf-8").rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def test_hostile_lines_are_refused_and_the_good_one_counts(service: Service) -> None:
    good = json.dumps(ALERT | {"dedupe_key": "among hostile ones"}).encode()
    answer = httpx.post(
        f"{service.address}/alerts/bulk",
        headers=service.says_who | {"content-type": "application/x-ndjson"},
        content=b"\n".join([*LINES, good, *LINES]),
        timeout=20,
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text + service.log.read_text()[-2000:]
    said = answer.json()
    wrong = 2 * (len(LINES) - 1)  # an empty line is none
    assert (said["lines"], said["new"], said["refused"]) == (wrong + 1, 1, wrong)
