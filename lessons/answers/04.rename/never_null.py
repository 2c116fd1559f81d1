# wrong: what was the column like before, and what does the model say about it?
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("ALTER TABLE user_account ADD mobile varchar DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE user_account DROP mobile")
    op.execute("ALTER TABLE user_account RENAME phone TO mobile")
    op.execute("ALTER TABLE user_account ALTER mobile SET DEFAULT ''")


def downgrade() -> None:
    op.alter_column("user_account", "mobile", new_column_name="phone")
