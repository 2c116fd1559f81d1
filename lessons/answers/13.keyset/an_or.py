# wrong: which condition leads the index to the place, and which only filters?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, and_, or_, select


def older(place: tuple[datetime, int] | None, limit: int) -> Select[tuple[Alert]]:
    """Ask for the newest alerts behind this moment and id, or for the newest of all."""
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    same = and_(Alert.received_at == place[0], Alert.id < place[1])
    return query.where(or_(Alert.received_at < place[0], same))
