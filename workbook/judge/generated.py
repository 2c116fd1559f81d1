"""What the service promises in its OpenAPI: generated requests, and hostile ones."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.judge.client import Answer, Client
from workbook.judge.finding import Finding
from workbook.judge.place import Place, Service
from workbook.stack.process import ManagedProcess
from workbook.stack.state import last_words

SEED, EXAMPLES, SECONDS = 20261124, 10, 90.0
"""What makes the requests the same each time, how many for an operation, and how long they take."""
JSON = "application/json"
BODIES = {
    "no JSON": b'{"a": ',
    "no body": b"",
    "bytes that are no UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "brackets, thirty thousand deep": b"[" * 30_000,
    "a lone surrogate": b'{"\\ud800": 1}',
    "ten megabytes": b'{"a": "' + b"z" * 10_000_000 + b'"}',
}
IN_PATH = {
    "an id past int4": "2147483648",
    "an id past int8": "9223372036854775808",
    "an id of a thousand digits": "9" * 1000,
    "a NUL byte in a path": "%00",
}


async def generated(place: Place) -> Finding:
    """Schemathesis on every operation: no server error, no answer that the OpenAPI denies."""
    async with place.service() as service:
        with tempfile.TemporaryDirectory() as name:
            code, said = await _schemathesis(service, Path(name))
            report = Path(name) / "report.json"
            raw = json.loads(report.read_text("utf-8")) if report.is_file() else {}
    if not raw:
        why = "Serve an OpenAPI at /openapi.json, as FastAPI does."
        return Finding(f"schemathesis ended with {code}: {said[:160]}", why)
    return _reported(raw)


async def _schemathesis(service: Service, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.address}/openapi.json"]
    # A rule over several fields may refuse what its schema allows: that is no broken promise.
    command += ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES)]
    command += ["--seed", str(SEED), "--generation-database", "none", "--no-color"]
    command += ["--request-timeout", "10", "--report", "json", "--report-json-path", "report.json"]
    for name, text in service.client.headers.items():
        command += ["--header", f"{name}: {text}"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    process = ManagedProcess(folder, environment)
    code = await process.run(command, SECONDS)
    return code, last_words(process.log)


def _reported(raw: dict[str, Any]) -> Finding:
    cases, failures = raw["test_cases"]["generated"], raw["failures"] + raw["errors"]
    seen = f"{cases} requests to {raw['operations']['tested']} operations"
    if not raw["complete"]:
        return Finding(f"{seen}, and no end", "Which operation answers slowly, or not at all?")
    if not failures:
        return Finding(seen)
    kinds = [f"{each['title']}: {', '.join(each.get('operations', []))}" for each in failures[:4]]
    first = failures[0].get("operations", ["an operation"])[0]
    ask = f"Ask {first} yourself, read the log, and say in its code or its OpenAPI what is so."
    return Finding(f"{seen}; {'; '.join(kinds)}", f"{ask} (05, 07)")


@dataclass(frozen=True)
class _Hostile:
    what: str
    method: str
    path: str
    content: bytes | None = None
    kind: str = ""
    must_refuse: bool = False

    async def ask(self, client: Client) -> Answer:
        """Send it."""
        headers = {"content-type": self.kind} if self.kind else {}
        return await client.ask(self.method, self.path, content=self.content, headers=headers)


async def hostile(place: Place) -> Finding:
    """Requests that nobody means well by, to every operation: each is refused, none is a 5xx."""
    async with place.service() as service:
        described = (await service.client.get("/openapi.json")).json()
        requests, gate = list(_requests(described)), asyncio.Semaphore(8)

        async def one(each: _Hostile) -> tuple[_Hostile, Answer]:
            async with gate:
                return each, await each.ask(service.client)

        pairs = await asyncio.gather(*map(one, requests))
        alive = await service.client.get(place.contract.live)
        wrong = [(each, answer) for each, answer in pairs if _is_wrong(each, answer)]
        return _judged(len(pairs), wrong, alive, service.log())


def _is_wrong(sent: _Hostile, answer: Answer) -> bool:
    """A 5xx, no answer at all, or a broken body that was taken; ten megabytes may be hung up on."""
    if answer.status == 0:
        return sent.what != "ten megabytes"
    return answer.status >= 500 or (sent.must_refuse and answer.status < 400)


def _judged(count: int, wrong: list[tuple[_Hostile, Answer]], alive: Answer, log: str) -> Finding:
    if not alive.ok:
        return Finding(f"after {count} requests it does not live any more", f"Its log says: {log}")
    if not wrong:
        return Finding(f"{count} requests: each refused, or served")
    told = [f"{e.method} {e.path[:40]}, {e.what}: {a.words}" for e, a in wrong[:3]]
    ask = "Refuse it where it comes in: a bound in the schema, a limit for bodies (05)."
    return Finding(f"{len(wrong)} of {count} requests: {'; '.join(told)}", f"{ask} Log: {log}")


def _requests(described: dict[str, Any]) -> Iterator[_Hostile]:
    for path, operations in described.get("paths", {}).items():
        for method, operation in operations.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield from _of_operation(method.upper(), path, operation)


def _of_operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[_Hostile]:
    begin, brace, rest = path.partition("{")
    for what, text in IN_PATH.items() if brace else ():
        yield _Hostile(what, method, begin + text + _plain(rest.partition("}")[2]))
    body = operation.get("requestBody", {})
    for kind in body.get("content", {}):
        refuse = kind == JSON and body.get("required", False)
        for what, content in BODIES.items():
            yield _Hostile(what, method, _plain(path), content, kind, refuse)


def _plain(path: str) -> str:
    """A path with 1 for each of its parameters."""
    while "{" in path:
        begin, _, rest = path.partition("{")
        path = f"{begin}1{rest.partition('}')[2]}"
    return path
