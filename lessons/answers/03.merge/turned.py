# right: a list, the other way round
revision = "0005"
down_revision = ["0004", "0003"]


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
