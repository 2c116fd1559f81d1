# wrong: what does each of them call itself
revision = "0005"
down_revision = ("0003_team_channel", "0004_team_time_zone")


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
