# wrong: does a gate look, or does it act?
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import DatabaseNotAtHead


def gate(config: Config) -> str:
    """Say whether database, revisions and models agree; called in a thread."""
    try:
        command.current(config, check_heads=True)
    except DatabaseNotAtHead:
        return "behind"
    made = command.revision(config, autogenerate=True)
    return "changed" if "op." in Path(made.path).read_text() else "clean"
