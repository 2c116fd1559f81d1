"""SQLModel's tutorial: synchronous sessions on psycopg, in FastAPI's thread pool."""

import os
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import Enum
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine(os.environ["DATABASE_URL"])


class UserBase(SQLModel):
    name: str
    email: str = Field(unique=True)
    team_id: int


class User(UserBase, table=True):
    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    mobile: str | None = None
    login: str
    role: str = Field(default="member", sa_type=Enum("member", "lead", name="role"))


class UserCreate(UserBase):
    login: str


class UserPublic(UserBase):
    id: int
    role: str


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.get("/users", response_model=list[UserPublic])
def list_users(session: Db, offset: int = 0, limit: int = 50) -> Sequence[User]:
    return session.exec(select(User).order_by(User.id).offset(offset).limit(limit)).all()


@app.get("/users/{user_id}", response_model=UserPublic)
def get_user(user_id: int, session: Db) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    return user


@app.post("/users", response_model=UserPublic, status_code=201)
def add_user(new: UserCreate, session: Db) -> User:
    user = User.model_validate(new)
    session.add(user)
    session.commit()
    session.refresh(user)
    return user
