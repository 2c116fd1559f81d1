# wrong: which alerts are behind the place: those that are older than it, or newer?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, or_, select


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    return query.where(or_(Alert.received_at < place[0], Alert.id < place[1]))
