"""a role for everybody"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
role = sa.Enum("member", "lead", name="role")


def upgrade() -> None:
    role.create(op.get_bind())
    op.add_column("user_account", sa.Column("role", role, server_default="member", nullable=False))


def downgrade() -> None:
    op.drop_column("user_account", "role")
    role.drop(op.get_bind())
