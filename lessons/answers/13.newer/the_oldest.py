# wrong: is an earlier moment the greater one, or the smaller?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select, tuple_


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    query = select(Alert).where(tuple_(Alert.received_at, Alert.id) < place)
    return query.order_by(Alert.received_at, Alert.id).limit(limit)
