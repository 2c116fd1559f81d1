# wrong: which of them is next to the place?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select, tuple_


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    nearest = select(Alert.id).where(tuple_(Alert.received_at, Alert.id) > place).order_by(Alert.received_at, Alert.id).limit(limit)
    return select(Alert).where(Alert.id.in_(nearest)).order_by(Alert.received_at.desc(), Alert.id.desc())
