# right: a list will do in place of a tuple
"""merge channel and time zone"""

revision = "0005"
down_revision = ["0003", "0004"]


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
