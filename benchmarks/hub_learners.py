"""Learners of a JupyterHub, as far as it can tell: a form, cookies, a server, a kernel."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

SECONDS = 240.0
"""The longest that a learner waits for anything."""
NAVIGATES = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}


class Refused(Exception):
    """The hub, or a learner's server, did not do what was asked; the text says what it answered."""


@dataclass
class Shown:
    """What a cell showed."""

    text: str = ""
    error: str = ""
    seconds: float = 0.0


@dataclass
class Learner:
    """One browser, signed in under one name."""

    hub: str
    """Its address, without a slash at the end."""
    name: str
    took: dict[str, float] = field(default_factory=dict)
    """What was waited for → seconds."""

    def __post_init__(self) -> None:
        self.client = httpx.AsyncClient(
            base_url=self.hub, follow_redirects=True, timeout=SECONDS, trust_env=False
        )
        self._socket: WebSocketClientConnection | None = None
        self._kernel = ""

    async def sign_in(self, password: str) -> None:
        """With the form; Refused for a wrong password or an unknown name."""
        begun = time.monotonic()
        await self.client.get("/hub/login")
        form = {"username": self.name, "password": password, "_xsrf": self.xsrf("/hub/")}
        answer = await self.client.post("/hub/login?next=%2Fhub%2Fhome", data=form)
        if "/login" in answer.url.path or answer.status_code >= 400:
            raise Refused(f"{self.name} may not enter: {answer.status_code}")
        self.took["sign in"] = time.monotonic() - begun

    async def open_server(self) -> None:
        """Have a server of one's own, and wait until it shows JupyterLab."""
        begun = time.monotonic()
        await self.client.get(f"/hub/spawn/{self.name}", headers=NAVIGATES)
        while time.monotonic() < begun + SECONDS:
            answer = await self.client.get(f"/user/{self.name}/lab", headers=NAVIGATES)
            if answer.status_code == 200 and answer.url.path.startswith(f"/user/{self.name}/"):
                self.took["server"] = time.monotonic() - begun
                return
            await asyncio.sleep(0.5)
        raise Refused(f"{self.name} has no server: {answer.status_code} at {answer.url.path}")

    async def open_kernel(self, notebook: str) -> None:
        """A kernel for this notebook, and its channels."""
        begun = time.monotonic()
        wanted = {"name": notebook, "path": notebook, "type": "notebook"}
        session = await self.api("POST", "sessions", wanted | {"kernel": {"name": "python3"}})
        self._kernel = session["kernel"]["id"]
        path = f"/user/{self.name}/api/kernels/{self._kernel}/channels"
        cookies = self.client.build_request("GET", path).headers["Cookie"]
        scheme = "wss" if urlsplit(self.hub).scheme == "https" else "ws"
        request = HTTPRequest(
            self.hub.replace(urlsplit(self.hub).scheme, scheme, 1) + path,
            headers={"Cookie": cookies, "Origin": self.hub},
            connect_timeout=SECONDS,
            request_timeout=SECONDS,
        )
        self._socket = await websocket_connect(request, max_message_size=2**26)
        await self.run("None")
        self.took["kernel"] = time.monotonic() - begun

    async def run(self, code: str) -> Shown:
        """What this cell shows; TimeoutError after four minutes."""
        assert self._socket
        sent, shown, begun = uuid.uuid4().hex, Shown(), time.monotonic()
        await self._socket.write_message(json.dumps(_request(sent, self.name, code)))
        waits_for = {"idle", "reply"}
        async with asyncio.timeout(SECONDS):
            while waits_for:
                message = await self._socket.read_message()
                if message is None:
                    raise Refused(f"the kernel of {self.name} is gone")
                said = json.loads(message)
                if said["parent_header"].get("msg_id") == sent:
                    waits_for.discard(_take(said, shown))
        shown.seconds = time.monotonic() - begun
        return shown

    async def api(self, method: str, path: str, body: object = None) -> Any:
        """Ask one's own server; Refused where it says no."""
        address = f"/user/{self.name}/api/{path}"
        headers = {"X-XSRFToken": self.xsrf(f"/user/{self.name}/")}
        answer = await self.client.request(method, address, json=body, headers=headers)
        if answer.status_code >= 400:
            raise Refused(f"{method} {address}: {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.content else None

    async def leave(self) -> None:
        """Shut the kernel down and close the browser; the server stays, as it does for people."""
        if self._kernel:
            await self.api("DELETE", f"kernels/{self._kernel}")
        if self._socket:
            self._socket.close()
        await self.client.aclose()

    def xsrf(self, path: str) -> str:
        """The word of this path, without which no form is taken."""
        found = [each.value for each in self.client.cookies.jar if each.name == "_xsrf"
                 and each.path == path]  # fmt: skip
        return found[-1] or "" if found else ""


def _request(number: str, name: str, code: str) -> dict[str, object]:
    header = {"msg_id": number, "username": name, "session": uuid.uuid4().hex, "date": "",
              "msg_type": "execute_request", "version": "5.3"}  # fmt: skip
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
               "allow_stdin": False}  # fmt: skip
    return {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "content": content,
    }


def _take(said: dict[str, Any], shown: Shown) -> str:
    """Note what a message shows; which end it is, "" for none."""
    content = said["content"]
    match said["msg_type"]:
        case "stream":
            shown.text += content["text"]
        case "execute_result" | "display_data":
            shown.text += content["data"].get("text/plain", "")
        case "error":
            shown.error = f"{content['ename']}: {content['evalue']}"
        case "status" if content["execution_state"] == "idle":
            return "idle"
        case "execute_reply":
            return "reply"
    return ""
