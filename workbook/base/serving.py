"""uvicorn inside a program that has signal handlers of its own."""

import contextlib
from collections.abc import Iterator

import uvicorn


class SignalFreeServer(uvicorn.Server):
    """uvicorn that leaves the signal handlers of its process alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: uvicorn's own version takes SIGINT, by which a cell is interrupted."""
        yield
