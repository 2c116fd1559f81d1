# wrong: how does Alembic know which revision this is
"""merge channel and time zone"""

revision = "0006"
down_revision = ("0003", "0004")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
