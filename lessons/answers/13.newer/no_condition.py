# wrong: where does the page begin: at an end of the list, or at the place?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    return select(Alert).order_by(Alert.received_at, Alert.id).limit(limit)
