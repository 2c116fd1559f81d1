# wrong: what does a quick answer tell whoever wants to know who is in this team?
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
    if stored is None:
        return False
    return await asyncio.to_thread(ARGON2.verify, password, stored)
