# wrong: which of those that are newer lie next to the place?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select, tuple_


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    downwards = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    return downwards.where(tuple_(Alert.received_at, Alert.id) > place)
