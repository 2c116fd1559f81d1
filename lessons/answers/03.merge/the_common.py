# wrong: it returned ['0003', '0004', '0005']
revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
