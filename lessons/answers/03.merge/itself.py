# wrong: it raised LoopDetected: Self-
"""merge channel and time zone"""

revision = "0005"
down_revision = ("0003", "0005")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
