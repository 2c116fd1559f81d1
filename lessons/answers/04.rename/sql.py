# right: in SQL, which PostgreSQL's own pages explain; Alembic writes the same statement from `alter_column`
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("ALTER TABLE user_account RENAME COLUMN phone TO mobile")


def downgrade() -> None:
    op.execute("ALTER TABLE user_account RENAME COLUMN mobile TO phone")
