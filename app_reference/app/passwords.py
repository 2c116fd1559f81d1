"""Passwords: only their hashes are stored, and it takes long to try one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash

ARGON2 = PasswordHash.recommended()
THREADS = ThreadPoolExecutor(2, "password")
"""A hash takes 64 MiB and a moment of a processor: not on the event loop, and not many at once."""
NOBODY = ARGON2.hash("nobody has this password")


async def hashed(password: str) -> str:
    """Make of a password what can be stored: it also says how it was made."""
    return await asyncio.get_running_loop().run_in_executor(THREADS, ARGON2.hash, password)


async def fits(password: str, stored: str | None) -> bool:
    """Say whether it is the password; where there is none, that takes as long."""
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(THREADS, ARGON2.verify, password, stored or NOBODY)
    return right and stored is not None
