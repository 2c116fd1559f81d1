# wrong: which thread is it that tries the password, and what else has that one to do?
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
from pwdlib.hashers.argon2 import Argon2Hasher

ARGON2 = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),))
