# wrong: what does PostgreSQL do with the rows that an OFFSET leaves out?
from app.models import Alert
from sqlalchemy import func, select, tuple_


def older(place, limit):
    query = select(Alert).order_by(Alert.received_at.desc(), Alert.id.desc()).limit(limit)
    if place is None:
        return query
    before = select(func.count()).where(tuple_(Alert.received_at, Alert.id) >= place)
    return query.offset(before.scalar_subquery())
