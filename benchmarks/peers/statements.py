"""The SQL of the peers that have no ORM, and their pool: five connections, all open at once."""

import os

import asyncpg

COLUMNS = "id, name, email, role, team_id"
ONE = f"SELECT {COLUMNS} FROM user_account WHERE id = $1"
PAGE = f"SELECT {COLUMNS} FROM user_account WHERE id > $1 ORDER BY id LIMIT $2"
ADD = f"""
    INSERT INTO user_account (name, email, login, team_id) VALUES ($1, $2, $3, $4)
    RETURNING {COLUMNS}
"""


def pool() -> asyncpg.Pool:
    """A pool that opens at `async with`, as large as what SQLAlchemy keeps open by default."""
    return asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=5)
