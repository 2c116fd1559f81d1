# wrong: which alerts are behind the place: those that are older than it, or newer?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, select, tuple_


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    return query if place is None else query.where(tuple_(Alert.received_at, Alert.id) > place)
