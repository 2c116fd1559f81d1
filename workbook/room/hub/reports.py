"""An extension of each learner's Jupyter server: it reports to the hub's board, as a laptop does.

What is sent is what `wb room --show` prints on a laptop. The hub's own token says who speaks, so
nobody can report in another's name.
"""

import atexit
import os
from functools import partial
from typing import Any

import urllib3

from workbook.base import settings
from workbook.room.laptop.post import ANSWER_SECONDS, CONNECT_SECONDS, NotSent
from workbook.room.laptop.sender import Sender
from workbook.room.laptop.watching import Watched
from workbook.room.wire.report import Report, body

NOBODY = "0" * 32
"""In the place of a laptop's own number, which the board of a hub does not read."""
EXTENSION = [{"module": __name__}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """What Jupyter asks a module for."""
    return EXTENSION


def _load_jupyter_server_extension(_: Any) -> None:
    """Report from now on; without a board, or without a hub, do nothing."""
    address, token = settings.read().hub_board, os.environ.get("JUPYTERHUB_API_TOKEN", "")
    if address and token:
        name = os.environ["JUPYTERHUB_USER"]
        sender = Sender(partial(post, address, token), name, NOBODY, Watched().read, _told)
        sender.start()
        atexit.register(sender.stop)


def post(address: str, token: str, said: Report) -> None:
    """Hand this report over; NotSent within a few seconds if it was not taken."""
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    try:
        with urllib3.PoolManager(timeout=timeout, retries=False) as pool:
            answer = pool.request("POST", address, body=body(said), headers=headers, redirect=False)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotSent(f"the board does not answer ({type(error).__name__})", final=False) from error
    if answer.status != 204:
        raise NotSent(f"the board answered {answer.status}", final=answer.status < 500)


def _told(_: NotSent | None) -> None:
    """What was not taken is sent again; nobody is told."""
