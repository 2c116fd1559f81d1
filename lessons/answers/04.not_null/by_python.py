# right: the rows read and written by SQLAlchemy, and a default that goes again
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("login", sa.String(), server_default="", nullable=False))
    users = sa.table("user_account", sa.column("id"), sa.column("email"), sa.column("login"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(users.c.id, users.c.email)).all():
        login = row.email.split("@")[0]
        connection.execute(users.update().where(users.c.id == row.id).values(login=login))
    op.alter_column("user_account", "login", server_default=None)


def downgrade() -> None:
    op.drop_column("user_account", "login")
