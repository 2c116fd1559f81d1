"""What a Compose file means, held against Compose itself, and against an engine."""

import json
import os
import re
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest

from workbook.stack import dockerfile
from workbook.stack.compose_backend import engine_answers
from workbook.stack.compose_file import ComposeFileError, NotReadError, Service, services

ENV = {"P": "s3cret", "EMPTY": ""}


def compose_is_there() -> bool:
    docker = shutil.which("docker")
    command = [str(docker), "compose", "version"]
    return docker is not None and not subprocess.run(command, capture_output=True).returncode


WITH_COMPOSE = pytest.mark.skipif(not compose_is_there(), reason="docker compose is not installed")
WITH_ENGINE = pytest.mark.skipif(not engine_answers(), reason="no Docker engine answers here")


def folder_with(tmp_path: Path, text: str, env: dict[str, str] = ENV) -> Path:
    """A project: the file, a `.env`, and another file of variables."""
    (tmp_path / "docker-compose.yml").write_text(text)
    if env:
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in env.items()))
    (tmp_path / "db.env").write_text(
        "# of the database\nexport A=1 # one\nB='$A'\nC=\"a\\n$A\"\nD=${A:-q}${P}\nE=\nG=a#b\n"
    )
    return tmp_path


def compose(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    known = {key: os.environ[key] for key in os.environ if key in ("PATH", "HOME", "DOCKER_HOST")}
    command = ["docker", "compose", *words]
    return subprocess.run(
        command, cwd=folder, env=known, capture_output=True, text=True, timeout=120
    )


ENVIRONMENTS = {
    "{A: 1.0, B: 1.50, C: 0123, D: 0x1F, E: 1_000, F: true, G: no, H: 1e6, I: 1e21, J: 0.00001}": {
        "A": "1", "B": "1.5", "C": "83", "D": "31", "E": "1000", "F": "true", "G": "no",
        "H": "1e+06", "I": "1e+21", "J": "1e-05"},
    "{K: 22:22, M: yes, P: , O: 0o17, Q: 08, R: .5, U: 12345678901234567890123, V: 1234567.5}": {
        "K": "22:22", "M": "yes", "P": "s3cret", "O": "15", "Q": "8", "R": "0.5",
        "U": "1.2345678901234568e+22", "V": "1.2345675e+06"},
    "[P, NOT_SET, 'B=c=d', C=]": {"P": "s3cret", "B": "c=d", "C": ""},
    "{A: '${X:-${Y:-z}}', B: '${X:+set}', C: '${Y-d}', D: '${Z:-${W}}!', E: '${EMPTY?e}'}": {
        "A": "z", "B": "", "C": "d", "D": "!", "E": ""},
    "{A: '${P:-${Y:-no}}', B: '${P:+set}', C: '$P-', D: '${EMPTY:-d}${EMPTY-e}'}": {
        "A": "s3cret", "B": "set", "C": "s3cret-", "D": "d"},
}  # fmt: skip


@pytest.mark.parametrize("said", ENVIRONMENTS)
def test_values_become_the_texts_that_compose_makes_of_them(said: str) -> None:
    text = f"services: {{a: {{image: x, environment: {said}}}}}"
    assert services(text, ENV)["a"].environment == ENVIRONMENTS[said]


@WITH_COMPOSE
@pytest.mark.parametrize("said", ENVIRONMENTS)
def test_compose_makes_the_same_texts(tmp_path: Path, said: str) -> None:
    text = f"services: {{a: {{image: x, environment: {said}}}}}"
    done = compose(folder_with(tmp_path, text), "config", "--format", "json")
    found = json.loads(done.stdout)["services"]["a"]["environment"]
    assert {key: value for key, value in found.items() if value is not None} == ENVIRONMENTS[said]


FILES = {
    "an env_file": "services: {a: {image: x, env_file: [db.env, {path: no.env, required: false}]}}",
    "a .env that is named": "services: {a: {image: x, env_file: .env, environment: {P: own}}}",
    "an anchor": "x-e: &e {A: 1}\nservices: {a: {image: x, environment: {<<: *e, B: 2}}}",
    "a command and an entrypoint": """
services: {a: {image: x, command: 'sh -c "a b"', entrypoint: x y, restart: no}}""",
    "extends": """
services:
  b: {image: x, environment: {A: 1, B: 2}, command: c, volumes: ['/a:/b'], ports: ['1:1']}
  a: {extends: b, environment: [B=3], volumes: ['/c:/b'], ports: ['2:2'], entrypoint: e}
""",
    "extends what is not started": """
services:
  b: {image: x, profiles: [never]}
  a: {extends: {service: b}}
  c: {image: y}
""",
    "a restart policy": """
services: {a: {image: x, deploy: {restart_policy: {condition: on-failure}}}}""",
}


@WITH_COMPOSE
@pytest.mark.parametrize("name", FILES)
def test_compose_reads_a_file_as_we_do(tmp_path: Path, name: str) -> None:
    folder = folder_with(tmp_path, FILES[name])
    done = compose(folder, "config", "--format", "json")
    real = json.loads(done.stdout)["services"]
    ours = services(FILES[name], ENV, folder)
    assert set(real) == set(ours), done.stderr
    for key, said in real.items():
        assert as_compose_says(ours[key]) == {
            "command": said.get("command"),
            "entrypoint": said.get("entrypoint"),
            "environment": {
                each: value.replace("$$", "$")
                for each, value in said.get("environment", {}).items()
            },
            "ports": [(each.get("published"), each["target"]) for each in said.get("ports", [])],
            "volumes": [(each["source"], each["target"]) for each in said.get("volumes", [])],
        }  # fmt: skip


def as_compose_says(service: Service) -> dict[str, object]:
    ports = (each.rpartition(":") for each in service.ports)
    return {
        "command": list(service.command) if service.command else None,
        "entrypoint": list(service.entrypoint) if service.entrypoint else None,
        "environment": service.environment,
        "ports": [(published, int(target)) for published, _, target in ports],
        "volumes": [tuple(each.split(":")) for each in service.volumes],
    }


BAD = {
    "command: true": "`command` of `a` is true",
    "command: [1]": "a list with 1 in it",
    "command: 'sh -c \"a'": "a quotation mark is not closed",
    "ports: ['127.0.0.1:PORT:80']": "which is no port",
    "env_file: no.env": "there is no no.env",
    "enviroment: {}": "a key `enviroment`, which Compose does not know",
    "environment: {A: [1]}": "has to be a text or a number",
    "environment: {A: '${X'}": "is not closed",
    "networks: [n]": "the network `n` of `a` is not under",
    "secrets: [s]": "the secret `s` of `a` is not under",
    "image: y": "`image` stands twice",
    "healthcheck: {test: x, retries: ten}": "it is a number",
    "depends_on: [b]": "`a` waits for `b`, which has a profile",
}


@pytest.mark.parametrize("said", BAD)
def test_what_compose_refuses_gets_a_sentence(tmp_path: Path, said: str) -> None:
    with pytest.raises(ComposeFileError, match=re.escape(BAD[said])) as caught:
        services(bad(said), ENV, tmp_path)
    assert not isinstance(caught.value, NotReadError)


@WITH_COMPOSE
@pytest.mark.parametrize("said", BAD)
def test_compose_refuses_it_too(tmp_path: Path, said: str) -> None:
    assert compose(folder_with(tmp_path, bad(said)), "config", "--quiet").returncode


def bad(said: str) -> str:
    return f"services: {{a: {{image: x, {said}}}, b: {{image: y, profiles: [p]}}}}"


@pytest.mark.parametrize(
    "text",
    [
        "services: {a: {image: x, hostname: b}}",
        "services: {a: {image: x, ports: !reset []}}",
        "services: {a: {build: {context: ., target: t}}}",
        "services: {a: {build: sub}}",
        "services: {a: {image: x, networks: {n: {aliases: [b]}}}}\nnetworks: {n: }",
        "include: [b.yml]\nservices: {a: {image: x}}",
        "services: {a: {extends: {file: b.yml, service: b}}}",
    ],
)
def test_what_is_not_read_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NotReadError, match=r"this workbook does not read .*; Docker does"):
        services(text, {})


STARTED = {
    "image": "",
    "command": "command: [b]",
    "entrypoint": "entrypoint: [c]",
    "both": "entrypoint: c\n    command: d e",
    "no_command": "command: []",
    "no_entrypoint": "entrypoint: []",
    "no_entrypoint_and_a_command": "entrypoint: []\n    command: [d]",
}
WITH_BOTH = 'FROM python:3.11-slim\nENTRYPOINT ["echo"]\nCMD ["cmd"]\n'


def started_file() -> str:
    blocks = (f"  {name}:\n    build: .\n    {said}\n" for name, said in STARTED.items())
    return "services:\n" + "".join(blocks)


@WITH_ENGINE
@pytest.mark.parametrize("text", [WITH_BOTH, 'FROM python:3.11-slim\nCMD ["echo", "cmd"]\n'])
def test_an_engine_starts_what_we_say(tmp_path: Path, text: str) -> None:
    """Compose's entrypoint replaces the image's and drops its CMD; an empty one is not one."""
    folder = folder_with(tmp_path, started_file())
    (folder / "Dockerfile").write_text(text)
    project = ("--project-name", f"nightwatch-{os.getpid():08x}")
    try:
        made = compose(folder, *project, "create", "--build")
        assert made.returncode == 0, made.stderr
        ids = compose(folder, *project, "ps", "--all", "--quiet").stdout.split()
        shape = '{{index .Config.Labels "com.docker.compose.service"}} {{.Path}} {{json .Args}}'
        command = ["docker", "inspect", "-f", shape, *ids]
        lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    finally:
        compose(folder, *project, "down", "--rmi=local", "--volumes")
    split = (line.split(" ", 2) for line in lines)
    real = {name: (path, *json.loads(words)) for name, path, words in split}
    assert real == {
        name: dockerfile.command(text, each.command, each.entrypoint)
        for name, each in services(started_file(), {}).items()
    }


MOUNTED = """\
FROM python:3.11-slim
WORKDIR /srv
RUN {} cat requirements.txt
"""
MOUNTS = {
    "--mount=type=cache,target=/c --mount=source=requirements.txt,target=requirements.txt":
        False,
    "--mount=type=bind,target=/srv": True,
    "--mount=type=bind,source=.,target=/srv": True,
    "--mount=target=/srv,source=/": True,
}  # fmt: skip


@pytest.mark.parametrize("mount", MOUNTS)
def test_a_mount_runs_a_line_again_for_what_it_shows(mount: str) -> None:
    again = dockerfile.invalidated_steps(MOUNTED.format(mount), "app/main.py")
    assert bool(again) is MOUNTS[mount]
    assert dockerfile.invalidated_steps(MOUNTED.format(mount), "requirements.txt")


@WITH_ENGINE
@pytest.mark.parametrize("mount", MOUNTS)
def test_a_build_runs_a_line_again_for_what_its_mount_shows(tmp_path: Path, mount: str) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "requirements.txt").write_text(f"of {mount}\n")
    (tmp_path / "Dockerfile").write_text(MOUNTED.format(mount))
    for number in range(2):
        (tmp_path / "app" / "main.py").write_text(f"{number} {secrets.token_hex()}")
        command = ["docker", "build", "--progress=plain", "--output=type=cacheonly", "."]
        with_kit = os.environ | {"DOCKER_BUILDKIT": "1"}
        done = subprocess.run(
            command, cwd=tmp_path, env=with_kit, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
    cached = re.search(r"(?m)^#(\d+) .*RUN .*$", done.stderr)
    assert cached
    assert (f"#{cached[1]} CACHED" not in done.stderr) is MOUNTS[mount]
