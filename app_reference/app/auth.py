"""Who asks: a token says it, signed with a key of ours; it also says whose rows they may see."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from time import time
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.database import TEAM

Key = Annotated[SecretStr, Field(min_length=32)]


class TokenSettings(BaseSettings):
    """The keys of the tokens; only the process that serves requests has them."""

    model_config = SettingsConfigDict(env_ignore_empty=True, hide_input_in_errors=True)

    token_key: Key
    token_key_other: Key | None = None
    """Accepted as well: the next key before it signs, the last one until its tokens are over."""


def name_of(key: str) -> str:
    """The name by which a token says which key has signed it; it tells nothing of the key."""
    return sha256(key.encode()).hexdigest()[:8]


TOKENS = TokenSettings()
SIGNING, *OTHERS = [
    key.get_secret_value() for key in (TOKENS.token_key, TOKENS.token_key_other) if key
]
KEYS = {name_of(key): key for key in (SIGNING, *OTHERS)}
LIFE = timedelta(minutes=30)
bearer = OAuth2PasswordBearer("/token")


@dataclass(frozen=True)
class Asker:
    """Who has sent a request."""

    user_id: int
    team_id: int


def issue(asker: Asker) -> str:
    """Make a token that says who asks, for LIFE."""
    claims = {"sub": str(asker.user_id), "team": asker.team_id, "exp": datetime.now(UTC) + LIFE}
    return jwt.encode(claims, SIGNING, "HS256", {"kid": name_of(SIGNING)})


@lru_cache(1024)
def checked(token: str) -> tuple[Asker, int]:
    """Check a signature, once for all requests with this token; return who asks, and until when."""
    key = KEYS.get(jwt.get_unverified_header(token).get("kid", ""), "")
    if not key:
        raise jwt.InvalidTokenError("no key of this name")
    claims = jwt.decode(token, key, ["HS256"], {"require": ["exp", "sub", "team"]})
    return Asker(int(claims["sub"]), claims["team"]), claims["exp"]


def read(token: str) -> Asker:
    """Return who asks; raises jwt.InvalidTokenError for what is not signed by us, or is over."""
    asker, until = checked(token)
    if until <= time():
        raise jwt.ExpiredSignatureError
    return asker


async def who_asks(token: Annotated[str, Depends(bearer)]) -> Asker:
    """Know who asks, and hold what this request does to the rows of their team."""
    try:
        asker = read(token)
    except jwt.InvalidTokenError as error:
        raise unknown("The token is not ours, or its time is over.") from error
    TEAM.set(asker.team_id)
    return asker


def unknown(why: str) -> HTTPException:
    """The answer to somebody who could be anybody."""
    return HTTPException(401, why, {"WWW-Authenticate": "Bearer"})
