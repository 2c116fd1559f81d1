# wrong: which two ends does it bring together?
revision = "0005"
down_revision = ("0002", "0003", "0004")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
