"""What a replayed container is told: its addresses are this machine's, and nothing else changes."""

import pytest

from workbook.stack.network import Network

PORTS = {("app", 8000): 20001, ("db", 5432): 20002, ("front", 8000): 20003}
NOBODY = 9


def network() -> Network:
    return Network(PORTS, nobody=NOBODY)


URL = "postgresql+asyncpg://nightwatch"

TEXTS = {
    # an address of another container
    f"{URL}:s3cret@db:5432/nightwatch": f"{URL}:s3cret@127.0.0.2:20002/nightwatch",
    f"{URL}:s3cret@db/nightwatch": f"{URL}:s3cret@127.0.0.2:20002/nightwatch",
    f"{URL}@db/nightwatch": f"{URL}@127.0.0.2:20002/nightwatch",
    "postgresql://db/nightwatch": "postgresql://127.0.0.2:20002/nightwatch",
    f"{URL}:s3cret@DB:5432/x": f"{URL}:s3cret@127.0.0.2:20002/x",
    "http://front:8000/livez": "http://127.0.0.1:20003/livez",
    "db:5432": "127.0.0.2:20002",
    "psycopg.connect(('db', 5432))": "psycopg.connect(('127.0.0.2', 20002))",
    # its own
    f"{URL}:s3cret@localhost:5432/x": f"{URL}:s3cret@localhost:{NOBODY}/x",
    f"{URL}:s3cret@localhost/x": f"{URL}:s3cret@localhost:{NOBODY}/x",
    f"{URL}:s3cret@127.0.0.1/x": f"{URL}:s3cret@127.0.0.1:{NOBODY}/x",
    f"{URL}:s3cret@[::1]:5432/x": f"{URL}:s3cret@[::1]:{NOBODY}/x",
    "http://127.0.0.1:8000/readyz": "http://127.0.0.1:20001/readyz",
    "http://LOCALHOST:8000/readyz": "http://LOCALHOST:20001/readyz",
    "http://[::1]:8000/readyz": "http://[::1]:20001/readyz",
    "http://app:8000/readyz": "http://127.0.0.1:20001/readyz",
    "http://$HOSTNAME:8000/readyz": "http://127.0.0.1:20001/readyz",
    "http://${HOSTNAME}:8000/readyz": "http://127.0.0.1:20001/readyz",
    "http://$(hostname -i):8000/readyz": "http://127.0.0.1:20001/readyz",
    "http://{host}:8000/readyz": "http://{host}:20001/readyz",
    "curl 'http://0.0.0.0:8000/' || exit 1": "curl 'http://127.0.0.1:20001/' || exit 1",
    "s.create_connection(('127.0.0.1', 8000))": "s.create_connection(('127.0.0.1', 20001))",
    's.connect(("", 8000), 5432)': 's.connect(("", 20001), 5432)',
    'HTTPConnection("::1", 8000, timeout=3)': 'HTTPConnection("::1", 20001, timeout=3)',
    'sh -c "HTTPConnection(\\"localhost\\", 8000)"':
        'sh -c "HTTPConnection(\\"localhost\\", 20001)"',
    "HTTPConnection('localhost', port=8000)": "HTTPConnection('localhost', port=20001)",
    "int(os.environ.get('PORT', '8000'))": "int(os.environ.get('PORT', '20001'))",
    "nc -z localhost 8000 && true": "nc -z localhost 20001 && true",
    "echo > /dev/tcp/127.0.0.1/8000": "echo > /dev/tcp/127.0.0.1/20001",
    "pg_isready -h app -p 5432": f"pg_isready -h 127.0.0.1 -p {NOBODY}",
    "psql 'host=app port=5432 user=app'": f"psql 'host=127.0.0.1 port={NOBODY} user=app'",
    # where it listens
    "uvicorn app.main:app --host 0.0.0.0 --port 8000":
        "uvicorn app.main:app --host 127.0.0.1 --port 20001",
    "uvicorn app.main:app --host=0.0.0.0 --port=8000":
        "uvicorn app.main:app --host=127.0.0.1 --port=20001",
    "exec uvicorn app:app --port '8000'": "exec uvicorn app:app --port '20001'",
    'uvicorn app:app --port "8000"; true': 'uvicorn app:app --port "20001"; true',
    "PORT=8000 exec serve": "PORT=20001 exec serve",
    "UVICORN_PORT=8000 uvicorn app:app": "UVICORN_PORT=20001 uvicorn app:app",
    "uvicorn app:app --port ${PORT:-8000}": "uvicorn app:app --port ${PORT:-20001}",
    "gunicorn -b 0.0.0.0:8000 app:app": "gunicorn -b 127.0.0.1:20001 app:app",
    "gunicorn -b :8000 app:app": "gunicorn -b :20001 app:app",
    "gunicorn --bind=[::]:8000 app:app": "gunicorn --bind=[::]:20001 app:app",
    "/venv/bin/uvicorn app:app --port 8000": "uvicorn app:app --port 20001",
    "http://localhost:8000,http://127.0.0.1:8000": "http://localhost:20001,http://127.0.0.1:20001",
}  # fmt: skip
"""What the container `app` is told, and what becomes of it here."""


@pytest.mark.parametrize("told", TEXTS)
def test_an_address_becomes_this_machines(told: str) -> None:
    assert network().rewrite_addresses("app", told) == TEXTS[told]


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (f"{URL}:p8000@db:5432/x", f"{URL}:p8000@127.0.0.2:20002/x"),
        (f"{URL}:8000@db:5432/x", f"{URL}:8000@127.0.0.2:20002/x"),
        (f"{URL}:localhost:8000@db/x", f"{URL}:localhost:8000@127.0.0.2:20002/x"),
        (f"{URL}:0.0.0.0@db/x", f"{URL}:0.0.0.0@127.0.0.2:20002/x"),
        (f"{URL}:a/b+8000=@db:5432/x", f"{URL}:a/b+8000=@127.0.0.2:20002/x"),
        (f"{URL}:a'8000\"=@db/x", f"{URL}:a'8000\"=@127.0.0.2:20002/x"),
        (f"{URL}:port=8000@db/x", f"{URL}:port=8000@127.0.0.2:20002/x"),
        (f"{URL}:%408000@db/8000?n=8000", f"{URL}:%408000@127.0.0.2:20002/8000?n=8000"),
        ("postgresql://db:5432@db:5432/db", "postgresql://db:5432@127.0.0.2:20002/db"),
        ("http://127.0.0.1:8000/8000?port=8000&to=db:5432",
         "http://127.0.0.1:20001/8000?port=8000&to=db:5432"),
        ("http://127.0.0.1:8000/?mail=me@db:5432", "http://127.0.0.1:20001/?mail=me@db:5432"),
        ("uvicorn app:app --port 8000 --limit-concurrency 8000",
         "uvicorn app:app --port 20001 --limit-concurrency 8000"),
    ],
)  # fmt: skip
def test_what_stands_beside_an_address_is_left(told: str, wanted: str) -> None:
    assert network().rewrite_addresses("app", told) == wanted


@pytest.mark.parametrize(
    "told",
    [
        "TIMEOUT=8000 ms",
        "8000",
        "a wait of 5432 ms",
        "echo app db 8000 5432",
        "--limit-concurrency=8000",
        "REPORT=8000 EXPORT=8000 SUPPORT_8000=1",
        "--support 8000",
        "http://example.org:8000/",
        "http://host.docker.internal:8000/",
        "mydb:5432",
        "db.example.org:5432",
        "db:54321",
        "127.0.0.1:80001",
        "127.0.0.1:8080",
        "10.0.0.0.0",
        "0.0.0.0/0",
        "10.127.0.0.1:8000",
        "2026-08-00T12:8000",
        "import app.main",
        "SELECT 8000, 'x', 5432",
    ],
)
def test_what_is_no_address_is_left(told: str) -> None:
    assert network().rewrite_addresses("app", told) == told


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("uvicorn app.main:app --host 0.0.0.0 --port 8000",
         "uvicorn app.main:app --host 127.0.0.1 --port 20001"),
        ("/venv/bin/uvicorn app.main:app --port=8000", "uvicorn app.main:app --port=20001"),
        ("uvicorn app:app --limit-concurrency 8000", "uvicorn app:app --limit-concurrency 8000"),
        ("nc -z localhost 8000", "nc -z localhost 20001"),
        ("nc -z db 5432", "nc -z 127.0.0.2 20002"),
        ("pg_isready -h app -p 5432 -U app", f"pg_isready -h 127.0.0.1 -p {NOBODY} -U app"),
        ("pg_isready --host app", "pg_isready --host 127.0.0.1"),
        ("python -m app", "python -m app"),
        ("sleep 8000", "sleep 8000"),
    ],
)  # fmt: skip
def test_a_command_is_read_word_by_word(told: str, wanted: str) -> None:
    assert network().rewrite_command("app", told.split()) == wanted.split()


def test_the_databases_own_question_finds_it() -> None:
    told = ["pg_isready", "-h", "db", "-p", "5432", "-U", "db", "-d", "5432"]
    wanted = ["pg_isready", "-h", "127.0.0.2", "-p", "20002", "-U", "db", "-d", "5432"]
    assert network().rewrite_command("db", told) == wanted
    told = ["/bin/sh", "-c", "pg_isready --host=localhost --port 5432 --dbname $POSTGRES_DB"]
    assert network().rewrite_command("db", told)[2] == told[2].replace("5432", "20002")


def test_a_variable_is_rewritten_by_its_name() -> None:
    told = {
        "DATABASE_URL": f"{URL}:p8000@db:5432/nightwatch",
        "PORT": "8000",
        "UVICORN_PORT": "8000",
        "HOST": "0.0.0.0",
        "TIMEOUT_MS": "8000",
        "REPORT": "8000",
        "ROLE": "app",
        "POSTGRES_PASSWORD": "localhost:8000",
        "SECRET_KEY": "port=8000",
        "API_TOKEN": "db:5432",
        "PGPASSWORD": "db:5432",
        "PASSWORD_RESET_URL": "http://localhost:8000/reset",
        "KEYS_URL": "http://front:8000/",
        "ORIGINS": "http://localhost:8000",
    }
    assert network().rewrite_environment("app", told) == told | {
        "DATABASE_URL": f"{URL}:p8000@127.0.0.2:20002/nightwatch",
        "PORT": "20001",
        "UVICORN_PORT": "20001",
        "HOST": "127.0.0.1",
        "ORIGINS": "http://localhost:20001",
        "PASSWORD_RESET_URL": "http://localhost:20001/reset",
        "KEYS_URL": "http://127.0.0.1:20003/",
    }
