"""Whether a call connects to a server at all."""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from asyncpg import connect_utils


@contextlib.contextmanager
def connecting() -> Iterator[mock.AsyncMock]:
    """Notes each connection that the driver begins meanwhile, of a pool's too."""
    connect: Any = connect_utils._connect
    with mock.patch.object(connect_utils, "_connect", side_effect=connect) as seen:
        yield seen
