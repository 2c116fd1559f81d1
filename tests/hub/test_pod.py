"""The image of `deploy/z2jh` as a cluster would run it: read-only, as its own account, for a hub.

It builds two images, so it is no part of `./wb test`: an engine and a package index are needed.
`ROOM_IMAGE` names one that is there already. The hub is a stand-in: it says whose a token is.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from workbook import material
from workbook.base import paths, waiting, yamls
from workbook.postgres.probe import free_port

BUILD_SECONDS, START_SECONDS, COMMAND_SECONDS = 900, 120, 180
VALUES = yamls.load((paths.ROOT / "deploy/z2jh/values.yaml").read_text("utf-8"))["singleuser"]
HOME, CLUSTER = VALUES["storage"]["homeMountPath"], "/cluster"
ANA = {"kind": "user", "name": "ana", "admin": False, "groups": [], "session_id": None}
SCOPE = "access:servers!server=ana/"
WORK = VALUES["extraEnv"]["WORKBOOK_WORK"]
JUDGED = """
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="python3", cwd={work!r})
try:
    for code in ("from workbook import start\\nlab = await start('00')", {solution!r},
                 "print(await lab.check('00.sqlstate'))"):
        print(client.execute_interactive(code, timeout=120)["content"]["status"])
finally:
    manager.shutdown_kernel()
"""


def docker(*words: str, seconds: float = COMMAND_SECONDS) -> str:
    done = subprocess.run(
        ["docker", *words], cwd=paths.ROOT, capture_output=True, text=True, timeout=seconds
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout.strip()


def answers() -> bool:
    try:
        return (
            subprocess.run(["docker", "version"], capture_output=True, timeout=10).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


pytestmark = pytest.mark.skipif(not answers(), reason="no container engine answers")


class Hub(BaseHTTPRequestHandler):
    """What a single-user server asks of its hub: its version, and whose a token is."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        if self.path != "/hub/api/user":
            self._say(200, {"version": "0"})
        elif self.headers["authorization"] == "token of-ana":
            self._say(200, ANA | {"scopes": [SCOPE]})
        else:
            self._say(200, ANA | {"name": "ben", "scopes": ["access:servers!server=ben/"]})

    do_POST = do_GET

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """The address of the stand-in."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hub/api"
        server.shutdown()


@pytest.fixture(scope="module")
def image() -> str:
    """The two images that the page of deploy/z2jh builds, one on the other."""
    if there := os.environ.get("ROOM_IMAGE"):
        return there
    for name, file in (("lab", "docker/lab.Dockerfile"), ("room", "deploy/z2jh/Dockerfile")):
        more = ("--build-arg", "WORKBOOK_IMAGE=nightwatch-test-lab") if name == "room" else ()
        docker(
            *("build", "-q", "-t", f"nightwatch-test-{name}", "-f", file, *more, "."),
            seconds=BUILD_SECONDS,
        )
    return "nightwatch-test-room"


class Pod:
    """A learner's server, and how it is reached."""

    def __init__(self, name: str, hub: str) -> None:
        self.name, self.address = name, f"http://127.0.0.1:{free_port()}/user/ana/"
        self.hub = hub

    def environment(self) -> dict[str, str]:
        """What the chart says, and what a hub tells each server that it starts."""
        told = {
            "API_TOKEN": "of-the-server", "API_URL": self.hub, "BASE_URL": "/", "USER": "ana",
            "SERVICE_PREFIX": "/user/ana/", "SERVICE_URL": self.address, "HOST": "",
            "CLIENT_ID": "jupyterhub-user-ana", "ACTIVITY_URL": f"{self.hub}/users/ana/activity",
            "SERVER_NAME": "", "OAUTH_CALLBACK_URL": "/user/ana/oauth_callback",
            "OAUTH_SCOPES": json.dumps([SCOPE]), "OAUTH_ACCESS_SCOPES": json.dumps([SCOPE]),
            "DEFAULT_URL": VALUES["defaultUrl"],
        }  # fmt: skip
        return VALUES["extraEnv"] | {f"JUPYTERHUB_{key}": each for key, each in told.items()}

    def start(self, image: str) -> None:
        """Read-only but for the home, the database's folder and /tmp; then the chart's own hook."""
        options = [f"--env={key}={each}" for key, each in self.environment().items()]
        account = f"{VALUES['uid']}:{VALUES['fsGid']}"
        docker(
            *("run", "--detach", "--name", self.name, "--network=host", "--user", account),
            *("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"),
            *(f"--memory={VALUES['memory']['limit'].lower()}", f"--volume={self.name}:{HOME}"),
            *("--tmpfs=/tmp", f"--tmpfs={CLUSTER}:uid={VALUES['uid']},gid={VALUES['fsGid']}"),
            *(*options, image, *VALUES["cmd"]),
        )
        self.runs(*VALUES["lifecycleHooks"]["postStart"]["exec"]["command"])

    def runs(self, *command: str) -> str:
        return docker("exec", self.name, *command)

    def get(self, path: str, token: str = "of-ana") -> httpx.Response:
        return httpx.get(
            self.address + path, headers={"authorization": f"token {token}"}, trust_env=False
        )

    def is_up(self) -> bool:
        try:
            return self.get("api/status").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(scope="module")
def pod(image: str, hub: str) -> Iterator[Pod]:
    pod = Pod(f"nightwatch-test-{os.getpid()}", hub)
    own = ("run", "--rm", "--user=0", "--entrypoint=chown", f"--volume={pod.name}:{HOME}")
    try:
        docker(*own, image, f"{VALUES['uid']}:{VALUES['fsGid']}", HOME)
        pod.start(image)
        assert waiting.eventually_sync(pod.is_up, START_SECONDS, 0.5), docker("logs", pod.name)
        yield pod
    finally:
        subprocess.run(["docker", "rm", "--force", pod.name], capture_output=True, timeout=60)
        subprocess.run(
            ["docker", "volume", "rm", "--force", pod.name], capture_output=True, timeout=60
        )


def test_the_page_that_opens_is_there(pod: Pod) -> None:
    place = VALUES["defaultUrl"].removeprefix("/lab/tree/")
    assert pod.get(f"api/contents/{place}?content=0").json()["type"] == "notebook"


def test_whom_the_hub_does_not_let_in_is_refused(pod: Pod) -> None:
    assert pod.get("api/contents/", token="of-ben").status_code == 403
    assert "/hub/api/user" in Hub.asked


def test_a_right_answer_is_right_in_it(pod: Pod) -> None:
    code = JUDGED.format(work=WORK, solution=material.exercise("00.sqlstate").solution)
    said = pod.runs("python", "-c", code)
    assert "RIGHT" in said and said.count("ok\n") + said.endswith("ok") == 3, said


def test_nothing_of_the_image_can_be_written(pod: Pod) -> None:
    write = "import pathlib, sys; pathlib.Path(sys.argv[1], 'x').write_text('x')"
    for folder, written in (("/workbook", False), ("/usr/local/bin", False), (HOME, True)):
        done = subprocess.run(
            ["docker", "exec", pod.name, "python", "-c", write, folder],
            capture_output=True, timeout=COMMAND_SECONDS,
        )  # fmt: skip
        assert (done.returncode == 0) is written, folder


def test_the_database_lies_where_the_chart_has_its_folder(pod: Pod) -> None:
    assert VALUES["extraEnv"]["WORKBOOK_CLUSTER"].startswith(CLUSTER)
    assert Path(CLUSTER) == Path(VALUES["storage"]["extraVolumeMounts"][0]["mountPath"])
    listed = pod.runs("ls", VALUES["extraEnv"]["WORKBOOK_CLUSTER"] + "/data")
    assert "PG_VERSION" in listed
