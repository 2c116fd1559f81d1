# wrong: what did the trial of this password say, and who waited for that?
# tests/test_lynx.py
import asyncio
from threading import Event

import pytest

from app import passwords


async def test_lynx(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would have caught it."""
    goes_on = Event()
    monkeypatch.setattr(passwords.ARGON2, "verify", lambda *_: goes_on.wait(2))
    asking = asyncio.create_task(passwords.fits("a long word", "its hash"))
    await asyncio.sleep(0.1)
    goes_on.set()
    assert await asking


# app/passwords.py
async def fits(password: str, stored: str | None) -> bool:
    """Say whether it is the password; where there is none, that takes as long."""
    loop = asyncio.get_running_loop()
    right = loop.run_in_executor(THREADS, ARGON2.verify, password, stored or NOBODY)
    return right and stored is not None
