"""A cell that takes long says that it works: a line counts its seconds, and goes at its end."""

import threading
import time
from collections.abc import Callable
from typing import Any

from workbook.lab import ipython

AFTER = 3.0
"""Seconds of silence before the line comes."""
EVERY = 1.0
"""Seconds until it is brought up to date."""


class Busy:
    """Watches the cells of one shell; only where the front end shows what is brought up to date.

    JupyterLab and Notebook 7 do, and send the id of the cell that runs, by which they are known.
    What runs a notebook to compare its outputs sends none, and finds none of this in them.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self) -> Callable[[], None]:
        """Begin with the next cell; returns what ends it."""
        events = self._shell.events
        events.register("pre_run_cell", self._begin)
        events.register("post_run_cell", self._end)

        def stop() -> None:
            self._end()
            events.unregister("pre_run_cell", self._begin)
            events.unregister("post_run_cell", self._end)

        return stop

    def _begin(self, *_: object) -> None:
        self._end()
        if cell := ipython.cell_id():
            self._done = threading.Event()
            arguments = (f"busy-{cell}-{time.monotonic_ns()}", self._done)
            self._thread = threading.Thread(target=self._count, args=arguments, daemon=True)
            self._thread.start()

    def _end(self, *_: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join(5)
        self._thread = None

    def _count(self, line: str, done: threading.Event) -> None:
        began, shown = time.monotonic(), False
        while not done.wait(EVERY if shown else AFTER):
            self._show(f"Still at work: {time.monotonic() - began:.0f} s", line, shown)
            shown = True
        if shown:
            self._show("", line, True)

    def _show(self, text: str, line: str, update: bool) -> None:
        data = {"text/plain": text}
        self._shell.display_pub.publish(data, transient={"display_id": line}, update=update)
