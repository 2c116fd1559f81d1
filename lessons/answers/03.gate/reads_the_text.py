# wrong: what may a program rely on: the class of an error, or its text?
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError


def gate(config: Config) -> str:
    """Say whether database, revisions and models agree; called in a thread."""
    try:
        command.check(config)
    except CommandError as error:
        return "behind" if "not up to date" in str(error) else "changed"
    return "clean"
