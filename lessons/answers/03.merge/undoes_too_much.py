# wrong: does the merge itself have to do anything?
"""merge channel and time zone"""

revision = "0005"
down_revision = ("0003", "0004")


def upgrade() -> None:
    pass


def downgrade() -> None:
    from alembic import op
    op.drop_column('team', 'channel')
