# wrong: a number of rows, or the values of the place?
from app.models import Alert
from sqlalchemy import func, select, tuple_


def older(place, limit):
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    return query.offset(50)
