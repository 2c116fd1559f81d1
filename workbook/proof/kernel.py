"""The kernel of a notebook that is proved: a fork of a warm process, where there is one."""

import shlex
import subprocess
from pathlib import Path

from jupyter_client.manager import KernelManager
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager, RunningKernel

from workbook.authoring import run
from workbook.base import settings

START_SECONDS = 60


class ForkedKernelManager(KernelManager):
    """Starts kernels as forks of a warm process, where validation has one."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command; what asks a fork server in the place of `python -m`."""
        command: list[str] = super().format_kernel_cmd(extra_arguments)
        relay = shlex.split(settings.read().forked_kernel)
        name, *arguments = command[command.index("-m") + 1 :]
        return [*relay, f"module:{name}", *arguments] if relay else command


class NotebookKernel(RunningKernel):  # type: ignore[misc]
    """nbval's kernel, started by our manager, which executes as a front end does."""

    def __init__(self, folder: Path, sockets: dict[str, str]) -> None:
        """Start one of this Python in a folder; RuntimeError where it does not answer in time."""
        self.km = ForkedKernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME,
            kernel_spec_manager=NbvalKernelspecManager(),
            **sockets,
        )
        self.km.start_kernel(cwd=str(folder), stderr=subprocess.DEVNULL)
        self.kc = self.km.client()
        self.kc.start_channels()
        try:
            self.kc.wait_for_ready(timeout=START_SECONDS)
        except RuntimeError:
            self.stop()
            raise
        self._ensure_iopub_up()

    def ask(self, expression: str) -> str:
        """What an expression is in this kernel, as a literal, without a trace in its history."""
        reply = self.kc.execute(
            "", silent=True, user_expressions={"it": expression}, reply=True, timeout=START_SECONDS
        )
        return str(reply["content"]["user_expressions"]["it"].get("data", {}).get("text/plain", ""))

    def denies(self, question: str) -> str:
        """What fails in code that is to fail nowhere, run without a trace; empty where nothing."""
        reply = self.kc.execute(
            question, silent=True, store_history=False, reply=True, timeout=START_SECONDS
        )
        return run.denied(reply)

    def execute_cell_input(self, source: str, allow_stdin: bool | None = None) -> str:
        """Execute with history: a trailing semicolon hides a result only then. The message's id."""
        sent = self.kc.execute(
            source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
        )
        return str(sent)
