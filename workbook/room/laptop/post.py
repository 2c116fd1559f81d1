"""One report to the board: over TLS, to the certificate that the code names and to no other."""

import socket
import ssl
from functools import cache
from http import HTTPStatus

import urllib3

from workbook.room.wire import report
from workbook.room.wire.code import Code

CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 3.0

OTHER_VERSION = (
    "the room cannot read what this checkout sends: the two are of different versions (git pull)"
)
REFUSALS = {
    401: "the room does not know this code; ask for the one of today",
    403: "the room takes no more people from this address",
    413: OTHER_VERSION,
    422: OTHER_VERSION,
}
"""Why a report was not taken, and will not be the next time."""


class NotSent(Exception):
    """The board has not taken the report; the text says why, `final` whether it will not."""

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.final = final


def post(code: Code, said: report.Report) -> None:
    """Hand this report over; NotSent within a few seconds if it was not taken.

    Nothing is sent before the certificate is known to be the right one.
    """
    board = urllib3.HTTPSConnectionPool(
        code.host,
        code.port,
        ssl_context=_context(),
        assert_fingerprint=code.fingerprint,
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
        retries=False,
    )
    try:
        with board:
            status = _answer(board, code, said)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _unreachable(code, error) from error
    if status != HTTPStatus.NO_CONTENT:
        why = REFUSALS.get(status, f"the room answered {status}")
        raise NotSent(why, final=status in REFUSALS)


@cache
def _context() -> ssl.SSLContext:
    """TLS 1.3 to whomever: no authority has signed the certificate, its fingerprint is asked.

    Made once, and without the certificates of the world: to read them takes 20 ms.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _answer(board: urllib3.HTTPSConnectionPool, code: Code, said: report.Report) -> int:
    """The status alone; whatever else stands there is not read."""
    body = report.body(said)
    answer = board.urlopen(
        "POST",
        report.PATH,
        body=body,
        headers=report.headers(code.address, code.token, len(body)),
        redirect=False,
        preload_content=False,
    )
    answer.close()
    return answer.status


def _unreachable(code: Code, error: Exception) -> NotSent:
    if "Fingerprints did not match" in str(error):
        why = f"another machine answers at {code.address}; nothing was sent to it"
        return NotSent(why, final=True)
    if isinstance(error, urllib3.exceptions.NameResolutionError | socket.gaierror):
        return NotSent(f"nobody knows the name {code.host}", final=False)
    return NotSent(f"the room does not answer at {code.address}", final=False)
