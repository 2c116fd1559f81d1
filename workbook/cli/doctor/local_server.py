"""A small server of this machine, and a learner's HTTP client that asks it."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

CLIENT = """
import sys
import httpx
try:
    with httpx.Client(timeout=5) as client:
        for address in sys.argv[1:]:
            client.get(address).raise_for_status()
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}".splitlines()[0])
"""
"""As anybody writes it: it reads the environment."""
ANSWER_SECONDS = 20


def refusal(environment: Mapping[str, str]) -> str:
    """Why a client with this environment gets no answer of this machine; empty where it does."""
    with _server() as port:
        addresses = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
        command = [sys.executable, "-P", "-c", CLIENT, *addresses]
        try:
            asked = subprocess.run(
                command,
                env=os.environ | dict(environment),
                capture_output=True,
                text=True,
                timeout=ANSWER_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {ANSWER_SECONDS} seconds"
    said = asked.stderr.strip().splitlines() or [f"it ended with {asked.returncode}"]
    return said[-1] if asked.returncode else ""


class _Answer(BaseHTTPRequestHandler):
    """Says 204 to everybody, and nothing of it to the terminal."""

    def do_GET(self) -> None:
        """Answer, without a body."""
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _server() -> Iterator[int]:
    """The port of one that runs meanwhile."""
    with HTTPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(5)
