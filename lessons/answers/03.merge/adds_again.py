# wrong: it raised ProgrammingError
revision = "0005"
down_revision = ("0003", "0004")


def upgrade() -> None:
    __import__("alembic.op").op.execute("ALTER TABLE team ADD channel text")


def downgrade() -> None:
    pass
