# right: the moment alone leads to the place, and a second condition leaves out what was shown of it; it says the same in more words
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, or_, select


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    moment, number = place
    earlier = or_(Alert.received_at < moment, Alert.id < number)
    return query.where(Alert.received_at <= moment, earlier)
