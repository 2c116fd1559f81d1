"""Servers that cells start, of the app and of PostgreSQL, and what they are put through."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.evidence.private_server import PrivateServer
from workbook.lab.session import Session

if TYPE_CHECKING:
    from workbook.evidence.app_server import AppServer
    from workbook.evidence.commit_scenarios import CommitScenarios
    from workbook.evidence.crash_load import CrashLoad


def app_server(session: Session, app: Any) -> "AppServer":
    """A uvicorn that serves this app; it is stopped with the notebook at the latest."""
    from workbook.evidence.app_server import AppServer  # HTTP server and client: half a second

    made = AppServer(app)
    session.resources.push_async_callback(made.stop)
    session.app_servers.append(made)
    return made


def commit_scenarios(session: Session, engine: AsyncEngine, taken: str) -> "CommitScenarios":
    """The five scenarios, observed from the notebook's second connection."""
    from workbook.evidence.commit_scenarios import CommitScenarios  # FastAPI, likewise

    return CommitScenarios(session.observer, engine, taken)


def crash_load(server: PrivateServer) -> "CrashLoad":
    """The clients that insert while this server crashes."""
    from workbook.evidence.crash_load import CrashLoad

    return CrashLoad(server)


def private_server(session: Session, settings: dict[str, str | int]) -> PrivateServer:
    """A PostgreSQL with these settings; it is removed with the notebook at the latest."""
    made = PrivateServer(settings)
    session.resources.push_async_callback(made.remove)
    return made
