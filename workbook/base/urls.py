"""URLs of databases, as their readers want them."""


def for_sqlalchemy(url: str) -> str:
    """This `postgresql://…` URL with asyncpg in it; without a name SQLAlchemy takes another."""
    return url.replace("postgresql:", "postgresql+asyncpg:", 1)
