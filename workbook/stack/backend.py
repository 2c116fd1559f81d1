"""Who runs the containers of a stack: an engine, or plain processes."""

from collections.abc import Mapping
from typing import Protocol

from workbook.stack.first_start import FirstStart
from workbook.stack.state import LogLine, State


class StackBackend(Protocol):
    """What runs the containers of one Compose file; errors are those of the file, or a Problem."""

    how: str
    """A sentence about it, for the learner."""
    pause: float
    """Seconds between two looks at it: what a look costs differs."""
    patience: float
    """How many seconds all containers may take until nothing moves any more."""

    async def begin(
        self,
        variables: Mapping[str, str],
        scale: Mapping[str, int],
        first_start: FirstStart,
        keep_existing: bool = False,
    ) -> None:
        """Make every container anew and start them in their order; volumes stay.

        `scale` gives the number of containers of a service. With `keep_existing` only those are
        made that are not there. Raises ComposeFileError and DockerfileError.
        """

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""

    async def states(self) -> dict[str, State]:
        """What each container is doing now."""

    async def log(self, name: str) -> list[LogLine]:
        """What a container has said."""

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""

    async def close(self) -> None:
        """Remove everything."""
