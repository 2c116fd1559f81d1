# wrong: which revisions are there to point at, and how are two of them written?
revision = "0005"
down_revision = ("0003", "0006")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
