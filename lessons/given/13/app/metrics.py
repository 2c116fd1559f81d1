"""Figures for Prometheus, at `/metrics`: requests, warnings in the log, connections in use."""

import logging
from http import HTTPMethod

from fastapi import APIRouter, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy import QueuePool
from starlette.types import Scope

from app.database import engine

FIGURES = CollectorRegistry()
ProcessCollector(registry=FIGURES)  # memory, processor time, open files
SERVED = Histogram(
    "nightwatch_request_seconds",
    "How long requests took.",
    ["method", "route", "status"],
    registry=FIGURES,
)
WARNINGS = Counter(
    "nightwatch_warnings",
    "Lines of the log that are no good news: repeated attempts, causes of a 503, crashes.",
    ["level", "message"],
    registry=FIGURES,
)
IN_USE = Gauge(
    "nightwatch_connections_in_use", "Connections that the pool has lent.", registry=FIGURES
)
router = APIRouter(include_in_schema=False)


class Counted(logging.Handler):
    """Counts warnings and errors by their message; those of libraries by the logger's name."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        message = record.msg if record.name == "nightwatch" else record.name
        WARNINGS.labels(record.levelname, message).inc()


def served(scope: Scope, status: int, seconds: float) -> None:
    """Take in a request that is over; no client makes a figure of its own by what it asks."""
    method = scope["method"] if scope["method"] in HTTPMethod.__members__ else "other"
    route = getattr(scope.get("route"), "path", "none")
    SERVED.labels(method, route, status).observe(seconds)


def in_use() -> int:
    """Count the connections that the pool has lent now."""
    return engine.pool.checkedout() if isinstance(engine.pool, QueuePool) else 0


IN_USE.set_function(in_use)


@router.get("/metrics")
async def metrics() -> Response:
    """Tell all figures of this process, as Prometheus reads them."""
    return Response(generate_latest(FIGURES), media_type=CONTENT_TYPE_LATEST)
