"""Events over HTTP: the history of a team, by pages or all of it."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app import cursor, ndjson
from app.database import read
from app.repositories import events
from app.schemas import EventOut, EventsQuery, History, HistoryQuery

router = APIRouter(prefix="/events", tags=["events"])
LINK = {"description": 'Where the next page is, if there is one: RFC 8288, `rel="next"`.'}
LISTED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"link": {"schema": {"type": "string"}, **LINK}}}
}
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {ndjson.MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
MANY = 100
"""Events that the export reads at once: of 64 KiB each, they are read in time and fit in memory."""


def place_of(event: events.Shown) -> cursor.Place:
    """Where an event stands among all of its team."""
    return event.received_at, event.id


@router.get("", response_model=list[EventOut], responses=LISTED)
async def list_events(asked: EventsQuery, response: Response) -> Sequence[events.Shown]:
    """Show one page of events, the newest first; the header `Link` says where the next one is."""
    limit = asked.limit
    found = await read(lambda db: events.page(db, asked.before, asked.dedupe_key, limit + 1))
    if len(found) > limit:
        here = asked.model_dump(exclude_none=True)
        here["cursor"] = cursor.write(place_of(found[limit - 1]))
        response.headers["link"] = f'<{router.prefix}?{urlencode(here)}>; rel="next"'
    return found[:limit]


@router.get("/export", response_class=StreamingResponse, responses=STREAMED)
async def export_events(asked: HistoryQuery) -> StreamingResponse:
    """Send all events, the newest first, an object a line; who reads slowly holds up nobody."""
    pages = export(asked)
    first = await anext(pages, b"")  # what fails now is answered as ever

    async def body() -> AsyncIterator[bytes]:
        yield first
        async for page in pages:
            yield page

    return StreamingResponse(body(), media_type=ndjson.MEDIA_TYPE)


async def export(asked: History) -> AsyncIterator[bytes]:
    """Yield the lines of a page at a time; between two pages no connection is held."""
    before = asked.before
    while found := await _many(asked, before):
        yield b"".join(
            EventOut.model_validate(each).model_dump_json().encode() + b"\n" for each in found
        )
        before = place_of(found[-1])


async def _many(asked: History, before: cursor.Place | None) -> Sequence[events.Shown]:
    return await read(lambda db: events.page(db, before, asked.dedupe_key, MANY))
