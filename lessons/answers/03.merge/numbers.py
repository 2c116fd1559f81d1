# wrong: one head, the revision 0005
revision = "0005"
down_revision = (3, 4)


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
