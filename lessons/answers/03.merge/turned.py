# right: the two parents may stand the other way round, and in a list
revision = "0005"
down_revision = ["0004", "0003"]


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
