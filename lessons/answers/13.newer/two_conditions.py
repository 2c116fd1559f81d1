# right: the moment alone leads to the place, and a second condition leaves out what lies behind it; it says the same in more words
from datetime import datetime

from app.models import Alert
from sqlalchemy import Select, or_, select


def newer(place: tuple[datetime, int], limit: int) -> Select[tuple[Alert]]:
    """Ask for the alerts next to this moment and id that are newer, the nearest first."""
    moment, number = place
    later = or_(Alert.received_at > moment, Alert.id > number)
    query = select(Alert).where(Alert.received_at >= moment, later)
    return query.order_by(Alert.received_at, Alert.id).limit(limit)
