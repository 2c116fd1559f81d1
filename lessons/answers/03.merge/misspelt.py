# wrong: which revisions are there to point at, and what does each of them call itself, in its own `revision`?
revision = "0005"
down_revision = ("0003", "0006")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
