"""Newline-delimited JSON: a value a line, and never all of them in memory."""

from collections.abc import AsyncIterator
from typing import NamedTuple

MEDIA_TYPE = "application/x-ndjson"
LONGEST = 64 * 1024
"""Bytes of a line; of a longer one the rest is thrown away, and it is refused."""
BATCH = 128 * 1024
"""Bytes of a batch; a line counts as LEAST at least, because each is work."""
LEAST = 128


class Line(NamedTuple):
    """A line, and its number, from 1."""

    number: int
    text: bytes


async def lines(stream: AsyncIterator[bytes]) -> AsyncIterator[Line]:
    """Yield the lines that are not empty, however the network has cut them."""
    number, rest = 0, b""
    async for some in stream:
        *whole, rest = (rest + some).split(b"\n")
        for line in whole:
            number += 1
            if line.strip():
                yield Line(number, line)
        rest = rest[: LONGEST + 1]
    if rest.strip():
        yield Line(number + 1, rest)


async def batches(stream: AsyncIterator[bytes]) -> AsyncIterator[list[Line]]:
    """Yield the lines in batches of BATCH bytes, and of BATCH / LEAST lines at most."""
    batch: list[Line] = []
    size = 0
    async for line in lines(stream):
        batch.append(line)
        size += max(len(line.text), LEAST)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
