"""pytest plugin: nbval with a fresh folder for each notebook, a server of its own, and clear words.

`pytest --nbval -p workbook.proof.nbval_plugin solutions/` compares every cell strictly. nbval
starts a notebook's kernel in the `setup()` of its file, right before the first cell, in the worker
that runs it; that is where the environment is made, and `teardown()` is where it goes.
"""

import contextlib
import os
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from nbval import plugin as nbval

from workbook.authoring import output_masking, quick_files, run, sandbox
from workbook.proof import demos, leftovers, warm
from workbook.proof.kernel import NotebookKernel

MANY = 5
"""From so many notebooks on, fork servers save more than they cost."""
LIMIT = "--nbval-cell-timeout"
"""How many seconds a cell may take; nbval's own default is half an hour."""
UNSOLVED = "unsolved"
"""The folder of the notebooks in which nothing is solved, where a demonstration has no ground."""
_stack = contextlib.ExitStack()
_server: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Set nbval's options where the command line did not: our kernel, our masks, our limit.

    Temporary files are to be quick, of this process and of xdist's workers. Those get notebooks in
    the order in which they are named.
    """
    quick_files.use()
    if not getattr(config.option, "nbval", False):
        return
    config.option.loadscopereorder = False
    if not any(str(each).startswith(LIMIT) for each in config.invocation_params.args):
        config.option.nbval_cell_timeout = run.CELL_SECONDS
    rules = config.option.nbval_sanitize_with or str(output_masking.RULES)
    config.option.nbval_sanitize_with = rules
    if len(config.args) >= MANY and not _is_worker(config):
        os.environ.update(_stack.enter_context(warm.fork_servers(sandbox.STEADY)))


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


class NotebookFile(nbval.IPyNbFile):  # type: ignore[misc]
    """A notebook, run in an empty learner's folder."""

    def collect(self) -> Generator[pytest.Item, None, None]:
        """One test a code cell, named by its number and its id, and one a demonstration."""
        shown = [] if self.path.parent.name == UNSOLVED else demos.of_notebook(self.path.stem)
        for item in super().collect():
            name = f"{item.cell_num:02d}-{item.cell.get('id', '')}"
            yield NotebookCell.from_parent(
                self, name=name, cell_num=item.cell_num, cell=item.cell, options=item.options
            )
            cell = item.cell.metadata.get("nightwatch", {}).get("cell", item.cell.get("id"))
            for demo in (each for each in shown if each.cell == cell):
                yield Demonstration.from_parent(self, name=f"{name}-demo", demo=demo)

    def setup(self) -> None:
        """Make the folder, and start the kernel in it."""
        self.folder = contextlib.ExitStack()
        own = self.folder.enter_context(sandbox.work())
        self.work = own["WORKBOOK_WORK"]
        sockets = self.folder.enter_context(sandbox.sockets())
        with sandbox.environment({**_environment(), **own}):
            # ipykernel captures what child processes print only where pytest is not seen:
            os.environ.pop("PYTEST_CURRENT_TEST", None)
            self.kernel = NotebookKernel(self.path.parent, sockets)
        self.setup_sanitize_files()

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


class Demonstration(pytest.Item):
    """What the instructor's page has typed behind a cell, compared with what it says is seen."""

    def __init__(self, *, demo: demos.Demo, **options: Any) -> None:
        """One of this page."""
        super().__init__(**options)
        self.demo = demo

    def runtest(self) -> None:
        """Type it, where what it needs is there."""
        if why := demos.missing(self.demo):
            pytest.skip(why)
        notebook = self.parent
        assert isinstance(notebook, NotebookFile)
        with sandbox.environment({**_environment(), "WORKBOOK_WORK": notebook.work}):
            found = list(self.demo.differences(notebook.kernel, Path(notebook.work)))
        if found:
            page = f"instructor/{self.path.stem}.md, behind the cell {self.demo.cell}"
            pytest.fail("\n".join([page, *found]), pytrace=False)


class NotebookCell(nbval.IPyNbCell):  # type: ignore[misc]
    """A code cell, compared with what is stored."""

    def runtest(self) -> None:
        """Run the cell and compare; a busy machine gets time."""
        self.output_timeout = 30
        late = self.parent.timed_out
        super().runtest()
        if self.parent.timed_out and not late:  # nbval expects nothing of the cells after it
            self.raise_cell_error("The cell was interrupted at its time limit, and swallowed that")
        for sentence, question in run.questions(self.cell):
            if said := self.parent.kernel.denies(question):
                self.raise_cell_error(f"the lesson says {sentence!r}, and {said}", question)
        promise = self.cell.metadata.get("nightwatch", {})
        if "raises" in promise and not promise.get("printed"):
            self._is_explained_here(promise["raises"])

    def _is_explained_here(self, kind: str) -> None:
        """A certified failure is explained by the entry that its own notebook has of it."""
        said = self.parent.kernel.ask("lab.explain().text")
        if f"You meet it in {self.parent.path.stem[:2]}_" not in said:
            self.raise_cell_error(f"lab.explain() has another entry for this {kind}", said)

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
