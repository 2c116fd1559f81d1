# right: `literal` makes a parameter of each value, as SQLAlchemy does by itself with those of a tuple of Python
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, literal, select, tuple_


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    pair = tuple_(literal(place[0]), literal(place[1]))
    return query.where(tuple_(Alert.received_at, Alert.id) < pair)
