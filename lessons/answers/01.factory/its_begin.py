# wrong: the factory, or a method of it?
"""The app's one engine, its sessions, and the base of every model."""

from collections.abc import AsyncIterator

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from app.settings import settings

engine = create_async_engine(settings.database_url.get_secret_value())
session_factory = async_sessionmaker(engine, expire_on_commit=False).begin
