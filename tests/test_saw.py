"""What Postgres saw: the log's lines become statements with a state, without the drivers' own."""

from datetime import UTC, datetime

from workbook.evidence import server_log, statements


def entry(message: str, pid: int = 1, **more: str) -> dict[str, str]:
    base = {
        "timestamp": "2026-03-02 03:04:05.678 UTC", "pid": str(pid), "error_severity": "LOG",
        "message": message, "application_name": "",
    }  # fmt: skip
    return base | more


def seen(*entries: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (each.sql, each.error or each.state)
        for each in statements.with_states(server_log.parse(entries))
    ]


def test_a_statement_alone_is_committed_at_once() -> None:
    assert seen(entry("statement: SELECT 1;")) == [("SELECT 1", "one statement, committed")]


def test_a_transaction_is_open_until_it_ends() -> None:
    assert seen(
        entry("statement: BEGIN;"),
        entry("execute __asyncpg_stmt_1__: INSERT INTO incident\n  VALUES ($1)",
              detail="Parameters: $1 = 'x'"),
        entry("statement: COMMIT;"),
        entry("statement: SELECT 2"),
    ) == [
        ("BEGIN", "open"),
        ("INSERT INTO incident VALUES ($1)", "open"),
        ("COMMIT", "committed"),
        ("SELECT 2", "one statement, committed"),
    ]  # fmt: skip


def test_an_error_makes_one_row_and_fails_its_transaction() -> None:
    failed = entry(
        "no such table", error_severity="ERROR", state_code="42P01", statement="SELECT x"
    )
    assert seen(
        entry("statement: BEGIN"), entry("statement: SELECT x"), failed, entry("statement: COMMIT")
    ) == [("BEGIN", "open"), ("SELECT x", "42P01 no such table"), ("COMMIT", "rolled back")]


def test_what_the_driver_asks_for_itself_is_left_out_with_its_transaction() -> None:
    assert seen(
        entry("statement: BEGIN;"),
        entry("execute s: select pg_catalog.version()"),
        entry("execute s: show transaction isolation level"),
        entry("statement: ROLLBACK;"),
        entry("statement: BEGIN;"),
        entry("statement: SELECT 1"),
        entry("statement: ROLLBACK;"),
    ) == [("BEGIN", "open"), ("SELECT 1", "open"), ("ROLLBACK", "rolled back")]


def test_the_observer_is_not_seen() -> None:
    assert seen(entry("statement: SELECT 1", application_name="observer")) == []


def test_connections_are_numbered_and_may_be_sorted_by_what_they_asked() -> None:
    found = statements.with_states(
        server_log.parse(
            [entry("statement: SELECT 2", pid=77), entry("statement: SELECT 1", pid=99)]
        )
    )
    assert [row[:2] for row in statements.table(found).rows] == [(1, "SELECT 2"), (2, "SELECT 1")]
    table = statements.table(found, by_connection=True)
    assert [row[:2] for row in table.rows] == [(1, "SELECT 1"), (2, "SELECT 2")]
    assert table.note == "2 statements on 2 connections."
    assert "77" not in repr(table)


def test_times_are_read_as_utc() -> None:
    parsed = next(server_log.parse([entry("statement: SELECT 1")]))
    assert parsed.when == datetime(2026, 3, 2, 3, 4, 5, 678000, tzinfo=UTC)
