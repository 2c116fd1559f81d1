"""The code of a room: where its board is, how it is recognised, and the word that opens it.

It looks like `192.168.1.20:20443/` and 80 letters and digits. They are, in base32, the token
(16 bytes), the SHA-256 of the board's certificate (32 bytes), and two bytes by which a slip of the
keyboard is noticed.
"""

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from workbook.base.problem import Problem

TOKEN_BYTES, FINGERPRINT_BYTES, CHECK_BYTES = 16, 32, 2
LENGTH = (TOKEN_BYTES + FINGERPRINT_BYTES + CHECK_BYTES) * 8 // 5


class CodeProblem(Problem):
    """The text is no code of a room; it says what is wrong with it."""


@dataclass(frozen=True)
class Code:
    """What a learner needs to join a room."""

    host: str
    """An address or a name, an IPv6 one without its brackets."""
    port: int
    token: str
    """128 random bits, in hexadecimal digits."""
    fingerprint: str
    """The SHA-256 of the certificate in DER, in hexadecimal digits."""

    @property
    def address(self) -> str:
        """Host and port, as in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        secret = bytes.fromhex(self.token + self.fingerprint)
        letters = base64.b32encode(secret + _check(self.address, secret))
        return f"{self.address}/{letters.decode().lower()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The code that this text is, with or without capitals and spaces; CodeProblem if none."""
        address, _, letters = "".join(text.split()).lower().rpartition("/")
        if len(letters) != LENGTH:
            raise CodeProblem(
                f"The code of a room has {LENGTH} letters and digits behind its '/', and this one "
                f"has {len(letters)}. Copy the whole line."
            )
        host, port = _host_and_port(address)
        secret = _secret(letters)
        known = cls(host, port, secret[:TOKEN_BYTES].hex(), secret[TOKEN_BYTES:-CHECK_BYTES].hex())
        if _check(known.address, secret[:-CHECK_BYTES]) != secret[-CHECK_BYTES:]:
            raise CodeProblem("There is a slip in this code of a room. Copy it once more.")
        return known


def _host_and_port(address: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise CodeProblem(
            "The code of a room begins with an address and a port, as in 192.168.1.20:20443/…"
        )
    return host, port


def _secret(letters: str) -> bytes:
    try:
        return base64.b32decode(letters.upper())
    except binascii.Error:
        raise CodeProblem("The code of a room has only a to z and 2 to 7 behind its '/'.") from None


def _check(address: str, secret: bytes) -> bytes:
    whole = zlib.crc32(address.encode() + b"/" + secret)
    return (whole & 0xFFFF).to_bytes(CHECK_BYTES)
