"""Where the containers of a replayed stack live: folders, programs, ports, and what they share."""

import re
from dataclasses import dataclass
from pathlib import Path

from workbook.postgres.account import Account, give
from workbook.stack.cluster import ClusterCache
from workbook.stack.compose_file import Service
from workbook.stack.first_start import FirstStart
from workbook.stack.network import Network
from workbook.stack.postgres_image import holds_data


@dataclass(frozen=True)
class Site:
    """What a container may use; all containers of one start have the same."""

    app: Path
    """The folder of the app, with its Dockerfile."""
    data: Path
    """The folder of volumes and sockets."""
    programs: Path
    """The folder of PostgreSQL's programs."""
    account: Account | None
    """Who runs a database, where we are root."""
    clusters: ClusterCache
    network: Network
    first_start: FirstStart
    longest_grace: float
    """Seconds that a container gets at most between its signal and SIGKILL."""
    fail_early: bool
    """Whether a health check is believed as soon as it says no while its container listens."""

    def volume(self, service: Service) -> Path:
        """The folder of the database's data: that of a named volume, or the container's own."""
        name = next((v.split(":")[0] for v in service.volumes if holds_data(service, v)), "")
        folder = self.data / (re.sub(r"\W", "_", name) or f"of-container-{service.name}")
        if not folder.exists():
            folder.mkdir(mode=0o700)
            give(folder, self.account)
        return folder

    def room(self, name: str) -> Path:
        """A folder of a container's own, for its socket."""
        folder = self.data / f"run-{name}"
        folder.mkdir(exist_ok=True)
        return give(folder, self.account)
