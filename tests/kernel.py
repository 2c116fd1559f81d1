"""A kernel to run cells in, as a learner would, and what came of each."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from workbook.authoring import sandbox


@dataclass
class Shown:
    """What a cell showed."""

    text: str = ""
    error: str = ""
    """The name of the error's class."""
    message: str = ""
    """All that is shown of the error."""
    data: list[str] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    """What came in the place of something that was shown."""

    def __contains__(self, words: str) -> bool:
        return words in "\n".join([self.text, self.message, *self.data])


class Kernel:
    """One kernel; `run` executes a cell and waits for its end, for a minute at most."""

    def __init__(self, work: Path, **environment: str) -> None:
        self.work = work
        self.folder = contextlib.ExitStack()
        sockets = self.folder.enter_context(sandbox.sockets())
        self.manager = KernelManager(kernel_name="python3", **sockets)
        env = os.environ | sandbox.STEADY | {"WORKBOOK_WORK": str(work)} | environment
        env.pop("PYTEST_CURRENT_TEST", None)
        self.manager.start_kernel(env=env, stderr=subprocess.DEVNULL)
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(
        self, code: str, seconds: float = 60, metadata: dict[str, object] | None = None
    ) -> Shown:
        """What this cell shows; `metadata` is what a front end sends along."""
        shown = Shown()
        content = {"code": code, "silent": False, "store_history": True, "stop_on_error": True}
        session = self.client.session
        message = session.msg("execute_request", content, metadata=metadata or {})
        self.client.shell_channel.send(message)
        sent = message["header"]["msg_id"]
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=seconds)
            except Empty:
                raise TimeoutError(f"no end of this cell: {code}") from None
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return shown
            if kind == "stream":
                shown.text += content["text"]
            elif kind == "error":
                shown.error, shown.message = content["ename"], "\n".join(content["traceback"])
            elif kind in ("execute_result", "display_data"):
                shown.data.append(content["data"]["text/plain"])
            elif kind == "update_display_data":
                shown.updates.append(content["data"]["text/plain"])

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]

    def close(self) -> None:
        self.client.stop_channels()
        with contextlib.suppress(Exception):
            self.manager.shutdown_kernel(now=True)
        self.folder.close()


@contextlib.contextmanager
def kernel(work: Path, **environment: str) -> Iterator[Kernel]:
    """A kernel for this learner's folder, stopped at the end."""
    made = Kernel(work, **environment)
    try:
        yield made
    finally:
        made.close()


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new Python."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
