# wrong: how are two pairs compared: by which value first, and when by the second?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    query = select(Alert).where(Alert.received_at > place[0], Alert.id > place[1])
    return query.order_by(Alert.received_at, Alert.id).limit(limit)
