"""The usual tutorial: a session from a dependency, committed after the yield; entities everywhere.

The pool is the default one, 5 and 10 more, with a ping at each checkout.
"""

import os
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from schemas import UserIn, UserOut
from sqlalchemy import Enum, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    mobile: Mapped[str | None]
    login: Mapped[str]
    role: Mapped[str] = mapped_column(Enum("member", "lead", name="role"), server_default="member")
    team_id: Mapped[int]


async def get_db() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


Db = Annotated[AsyncSession, Depends(get_db)]
app = FastAPI()


@app.get("/users", response_model=list[UserOut])
async def list_users(db: Db, skip: int = 0, limit: int = 50) -> Sequence[User]:
    result = await db.execute(select(User).order_by(User.id).offset(skip).limit(limit))
    return result.scalars().all()


@app.get("/users/{user_id}", response_model=UserOut)
async def get_user(user_id: int, db: Db) -> User:
    result = await db.execute(select(User).where(User.id == user_id))
    user = result.scalar_one_or_none()
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user


@app.post("/users", response_model=UserOut, status_code=201)
async def add_user(new: UserIn, db: Db) -> User:
    user = User(**new.model_dump())
    db.add(user)
    await db.flush()
    await db.refresh(user)
    return user
