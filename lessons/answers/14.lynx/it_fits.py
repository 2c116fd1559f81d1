# wrong: after what your test sends, what is wrong in that app
# tests/test_lynx.py
from app import passwords


async def test_lynx() -> None:
    """A password fits its hash."""
    assert await passwords.fits("a long word", await passwords.hashed("a long word"))


# app/passwords.py
async def fits(password: str, stored: str | None) -> bool:
    """Say whether it is the password; where there is none, that takes as long."""
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(THREADS, ARGON2.verify, password, stored or NOBODY)
    return right and stored is not None
