"""Whoever has the code can lie about itself, and no more; whoever has not can do nothing."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from room_server import Served, request, said, served

from workbook.room.board import gate, home
from workbook.room.board.pages import pages_app
from workbook.room.wire import report

GOOD = report.body(said())


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def in_a_room(act: Callable[[Served], Awaitable[None]]) -> None:
    async def run() -> None:
        async with served() as room, asyncio.timeout(180):
            await act(room)

    asyncio.run(run())


def with_(**changes: object) -> bytes:
    return json.dumps({**json.loads(GOOD), **changes}).encode()


def exercise(**changes: object) -> bytes:
    return with_(exercises=[{**json.loads(GOOD)["exercises"][0], **changes}])


WRONG = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"name": ' + b"[" * 10_000,
    GOOD[:-1],
    with_(name=""),
    with_(name="x" * 41),
    with_(name="a\u202eb"),
    with_(name=1),
    with_(laptop="short"),
    with_(laptop="../../../etc/passwd".ljust(32, "a")),
    with_(code="print(1)"),
    with_(exercises="00.fetch"),
    with_(exercises=json.loads(GOOD)["exercises"] * 2),
    exercise(exercise="<script>"),
    exercise(exercise="00.fetch/../x"),
    exercise(verdict="excellent"),
    exercise(attempts=-1),
    exercise(attempts=10**30),
    exercise(attempts=True),
    exercise(attempts="1"),
    exercise(solved="yes"),
    exercise(answer="print(1)"),
]


def test_what_is_no_report_is_refused_and_changes_nothing() -> None:
    async def act(room: Served) -> None:
        assert {await room.post(each) for each in WRONG} <= {400, 422}
        many = [{**json.loads(GOOD)["exercises"][0], "exercise": f"00.e{n}"} for n in range(201)]
        assert await room.post(with_(exercises=many)) == 422
        assert room.board.people == []
        assert await room.post(GOOD) == 204

    in_a_room(act)


def test_a_wrong_token_a_wrong_path_and_a_wrong_method_are_refused_without_a_word() -> None:
    async def act(room: Served) -> None:
        assert await room.post(GOOD, token="0" * 32) == 401
        whole = request(room.code, GOOD)
        assert await room.status(whole.replace(b"Authorization", b"X-Other")) == 401
        assert await room.status(whole.replace(b"/reports", b"/openapi.json")) == 404
        assert await room.status(whole.replace(b"/reports", b"/../room.json")) == 404
        assert await room.status(whole.replace(b"POST", b"GET")) == 405
        assert await room.status(b"nonsense\r\n\r\n") == 400
        assert room.board.people == []

    in_a_room(act)


def test_an_answer_is_a_number_and_says_nothing_of_what_was_sent() -> None:
    async def act(room: Served) -> None:
        for body, token in ((GOOD, None), (b'{"name": "secret"}', None), (GOOD, "0" * 32)):
            reader, writer = await room.connect()
            writer.write(request(room.code, body, token))
            answer = await reader.read(10_000)
            writer.close()
            assert answer.partition(b"\r\n\r\n")[2] == b""
            assert b"secret" not in answer and b"uvicorn" not in answer

    in_a_room(act)


def test_ten_thousand_wrong_reports_cost_seconds_and_others_are_heard_meanwhile() -> None:
    async def act(room: Served) -> None:
        wrong = request(room.code, b"{}", "0" * 32).replace(b"Connection: close\r\n", b"")

        async def flood(count: int) -> int:
            """Send so many, and count the answers; a connection is cut off after ten seconds."""
            answered = 0
            while answered < count:
                reader, writer = await room.connect()
                writer.write(wrong * (count - answered))
                with contextlib.suppress(OSError):
                    while answered < count and (said := await reader.read(2**16)):
                        answered += said.count(b"\r\n\r\n")
                        refused.append(said.count(b"HTTP/1.1 401 "))
                writer.transport.abort()
            return answered

        async def others() -> list[float]:
            took = []
            while not flooded.done():
                began = time.monotonic()
                assert await room.post(GOOD) == 204
                took.append(time.monotonic() - began)
            return took

        refused: list[int] = []
        began = time.monotonic()
        flooded = asyncio.gather(*(flood(1000) for _ in range(10)))
        heard, answers = await asyncio.gather(others(), flooded)
        assert sum(answers) >= 10_000
        assert sum(refused) >= 0.99 * 10_000  # an answer may lie across two reads
        assert len(heard) > 3
        assert max(heard) < (time.monotonic() - began) / 2, "nobody waits for the flood's end"

    in_a_room(act)


def test_a_hundred_megabytes_are_refused_before_they_are_sent() -> None:
    async def act(room: Served) -> None:
        assert await room.status(request(room.code, b"", length=100_000_000)) == 413

    in_a_room(act)


def test_a_hundred_megabytes_without_a_length_are_refused_after_some_kilobytes() -> None:
    async def act(room: Served) -> None:
        head = request(room.code, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        reader, writer = await room.connect()
        writer.write(head)
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 100_000_000 and not reader.at_eof():
                writer.write(chunk)
                sent += len(chunk)
                await asyncio.wait_for(writer.drain(), 5)
                await asyncio.sleep(0)
            answer = await reader.readline()  # whoever still sends may be cut off before it
            assert b" 413 " in answer
        assert 0 < sent < 10_000_000
        writer.transport.abort()
        assert await room.post(GOOD) == 204

    in_a_room(act)


def test_a_slow_report_is_cut_off_and_so_is_a_silent_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "LONGEST_SECONDS", 0.6)

    async def act(room: Served) -> None:
        for begin in (b"", b"POST /rep", request(room.code, GOOD[:20], length=len(GOOD))):
            reader, writer = await room.connect()
            began = time.monotonic()
            with contextlib.suppress(OSError):
                writer.write(begin)
                while not reader.at_eof() and time.monotonic() - began < 5:
                    writer.write(begin[-1:])
                    await asyncio.sleep(0.05)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1), 0.05)
            assert 0.4 < time.monotonic() - began < 4
            writer.transport.abort()
        assert await room.post(GOOD) == 204

    in_a_room(act)


def test_of_one_address_twelve_connections_are_open_and_the_next_is_closed() -> None:
    async def act(room: Served) -> None:
        lines = [await room.connect() for _ in range(8 + gate.SPARE)]
        for _ in range(3):
            with pytest.raises(OSError):
                await room.connect()
        for _, writer in lines:
            writer.transport.abort()
        await asyncio.sleep(0.2)
        assert await room.post(GOOD) == 204

    in_a_room(act)


def test_a_name_in_html_is_a_name() -> None:
    async def act(room: Served) -> None:
        name = "<script>alert(1)</script>"
        assert await room.post(with_(name=name)) == 204
        assert [each.name for each in room.board.people] == [name]

    in_a_room(act)


def test_one_laptop_cannot_fill_the_room() -> None:
    async def act(room: Served) -> None:
        answers = [await room.post(with_(laptop=f"{n:032x}", name=f"n{n}")) for n in range(12)]
        assert answers == [204] * 8 + [403] * 4

    in_a_room(act)


def test_the_pages_are_at_addresses_that_nobody_guesses_and_at_no_other_name() -> None:
    async def act(room: Served) -> None:
        app = pages_app(room.board, "board-key", "wall-key")
        at = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=at, base_url="http://127.0.0.1") as client:
            found = {
                path: (await client.get(path)).status_code
                for path in ("/", "/board-key/", "/wall-key/", "/other/", "/events",
                             "/board-key/home.py", "/board-key/..%2fhome.py", "/board-key/live.js")
            }  # fmt: skip
            rebound = await client.get("/board-key/", headers={"Host": "evil.example"})
            policy = (await client.get("/board-key/")).headers["content-security-policy"]
        assert [path for path, status in found.items() if status == 200] == [
            "/board-key/",
            "/wall-key/",
            "/board-key/live.js",
        ]
        assert rebound.status_code == 400
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy

    in_a_room(act)


def test_the_keys_and_the_certificate_of_a_room_are_new_in_each() -> None:
    home.lock()
    first = home.open_room(None)
    home.forget()
    second = home.open_room(None)
    same = {key for key in type(first).model_fields if getattr(first, key) == getattr(second, key)}
    assert same <= {"port", "pages_port"}
