# wrong: which condition leads the index to the place, and which only filters?
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, and_, or_, select


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    moment, number = place
    same = and_(Alert.received_at == moment, Alert.id > number)
    query = select(Alert).where(or_(Alert.received_at > moment, same))
    return query.order_by(Alert.received_at, Alert.id).limit(limit)
