# wrong: by which column is the list ordered first?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.id.desc()).limit(limit)
    return query if place is None else query.where(Alert.id < place[1])
