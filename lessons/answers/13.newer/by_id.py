# wrong: by which column is the list ordered first?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    query = select(Alert).where(Alert.id > place[1])
    return query.order_by(Alert.id).limit(limit)
