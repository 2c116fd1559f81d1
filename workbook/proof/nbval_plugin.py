"""pytest plugin: nbval with a fresh folder for each notebook, a server of its own, and clear words.

`pytest --nbval -p workbook.proof.nbval_plugin solutions/` compares every cell strictly. nbval
starts a notebook's kernel in the `setup()` of its file, right before the first cell, in the worker
that runs it; that is where the environment is made, and `teardown()` is where it goes.
"""

import contextlib
import os
import re
import shlex
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from nbval import kernel as nbval_kernel
from nbval import plugin as nbval

from workbook.authoring import run, sandbox, stable
from workbook.base import settings
from workbook.proof import forks, leftovers

NBVALS_OWN_LIMIT = 2000
"""Seconds for a cell, where nobody says."""
MANY = 5
"""From so many notebooks on, warm processes save more than they cost."""
_stack = contextlib.ExitStack()
_server: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Set nbval's options where the command line did not: our kernel, our masks, our limit.

    xdist gives notebooks out in the order in which they are named.
    """
    if not getattr(config.option, "nbval", False):
        return
    config.option.loadscopereorder = False
    config.option.nbval_current_env = True
    if config.option.nbval_cell_timeout == NBVALS_OWN_LIMIT:
        config.option.nbval_cell_timeout = run.CELL_SECONDS
    config.option.nbval_sanitize_with = config.option.nbval_sanitize_with or str(stable.RULES)
    if len(config.args) >= MANY and not _is_worker(config):
        os.environ.update(_stack.enter_context(forks.warm_processes(sandbox.STEADY)))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent: Any) -> Generator[None, Any, Any]:
    """Put our collector in the place of nbval's."""
    found = yield
    return [
        NotebookFile.from_parent(parent, path=each.path) if type(each) is nbval.IPyNbFile else each
        for each in (found or [])
    ]


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_unconfigure() -> None:
    """Stop the server of this worker, and the warm processes of all."""
    _stack.close()


def _environment() -> dict[str, str]:
    if not _server:
        _server.update(_stack.enter_context(sandbox.server()))
    return _server


class ForkedKernel(KernelManager):
    """Starts kernels as forks of a warm process, where there is one."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The command; a relay in the place of `python -m`."""
        command: list[str] = super().format_kernel_cmd(extra_arguments)
        relay = shlex.split(settings.read().forked_kernel)
        return [*relay, *command[command.index("-m") + 1 :]] if relay else command


class NotebookFile(nbval.IPyNbFile):  # type: ignore[misc]
    """A notebook, run in an empty learner's folder."""

    def collect(self) -> Generator["NotebookCell", None, None]:
        """One test a code cell, named by its number and its id."""
        for item in super().collect():
            name = f"{item.cell_num:02d}-{item.cell.get('id', '')}"
            yield NotebookCell.from_parent(
                self, name=name, cell_num=item.cell_num, cell=item.cell, options=item.options
            )

    def setup(self) -> None:
        """Make the folder, and start the kernel in it."""
        self.folder = contextlib.ExitStack()
        own = self.folder.enter_context(sandbox.work())
        self.work = own["WORKBOOK_WORK"]
        with sandbox.environment({**_environment(), **own}):
            # ipykernel captures what child processes print only where pytest is not seen:
            os.environ.pop("PYTEST_CURRENT_TEST", None)
            sockets = self.folder.enter_context(sandbox.sockets())
            nbval_kernel.KernelManager = partial(ForkedKernel, **sockets)
            super().setup()

    def teardown(self) -> None:
        """Stop the kernel, see that nothing is left of it, remove the folder."""
        try:
            super().teardown()
            with sandbox.environment(_environment()):
                left = leftovers.of(Path(self.work))
            if left:
                pytest.fail(f"{self.path.name} left behind: {'; '.join(left)}", pytrace=False)
        finally:
            self.folder.close()


class NotebookCell(nbval.IPyNbCell):  # type: ignore[misc]
    """A code cell, compared with what is stored."""

    def runtest(self) -> None:
        """Run the cell and compare; a busy machine gets time."""
        self.output_timeout = 30
        super().runtest()

    def compare_outputs(self, test: Any, ref: Any, skip_compare: Any = None) -> bool:
        """Compare, and quote an unexpected stderr: nbval only says that there is one."""
        held = super().compare_outputs(test, ref, skip_compare)
        said = "".join(out["text"] for out in test if out.get("name") == "stderr")
        if not held and said:
            self.comparison_traceback.append(f"stderr of this run:\n{said}")
        return bool(held)

    def raise_cell_error(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Say where in the notebook it was."""
        cells = self.parent.nb.cells
        place = next(i for i, cell in enumerate(cells) if cell.get("id") == self.cell.get("id"))
        headings = [
            found[0]
            for cell in reversed(cells[:place])
            if cell.cell_type == "markdown"
            if (found := re.search(r"^#+ .*$", cell.source, re.M))
        ]
        where = (
            f"\n  notebook: {self.parent.path.name}\n  section:  {(headings or ['(top)'])[0]}"
            f"\n  cell:     {self.cell.get('id')}"
            "\n  below, '+' is stored in the notebook and '-' is what this run printed"
        )
        super().raise_cell_error(message + where, *args, **kwargs)


def _with_history(self: Any, source: str, allow_stdin: bool | None = None) -> str:
    """Execute as a front end does: a trailing semicolon hides a result only with history."""
    self.last_msg_id = self.kc.execute(
        source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )
    return str(self.last_msg_id)


nbval_kernel.RunningKernel.execute_cell_input = _with_history
