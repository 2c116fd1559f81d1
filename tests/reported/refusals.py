"""What the database refuses, by the text or the form of the statement."""

from typing import Any

from sqlalchemy import func, select, text

from reported import Place, Rig, raises
from reported.database import sql

OTHER = "ProgrammingError: "
sql(
    OTHER + "capitals without quotes",
    'CREATE TABLE "UserProfile" (id int)',
    "SELECT * FROM UserProfile",
)
sql(OTHER + "user, which is a function", "SELECT id, email FROM user")
sql(OTHER + "a text in double quotes", 'SELECT 1 FROM pg_roles WHERE rolname = "admin"')
sql(OTHER + "a table that is not in FROM", "SELECT pg_class.oid FROM pg_roles")
sql(OTHER + "a table that is not in FROM", "SELECT pg_roles.oid FROM pg_roles AS r")
sql(
    OTHER + "a field that the trigger's row does not have",
    "CREATE TABLE t (id int)",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN NEW.gone = 1; RETURN NEW; END $$",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "INSERT INTO t VALUES (1)",
)
sql(OTHER + "column … is ambiguous", "SELECT oid FROM pg_class JOIN pg_type ON true")
sql("DBAPIError: a subquery gave several rows", "SELECT 1 = (SELECT generate_series(1, 2))")
sql("DBAPIError: there is no such schema", "CREATE TABLE nowhere.t (id int)")
sql(OTHER + "there is no such role", "CREATE TABLE t (id int)", "ALTER TABLE t OWNER TO nobody_x")
sql(OTHER + "the type of an extension", "CREATE TABLE t (v vector(3))")
sql(OTHER + "a setting that PostgreSQL does not know", "SET no_such_setting = 1")
sql(
    OTHER + "what is to be dropped or altered is not there",
    "CREATE TABLE t (id int)",
    "ALTER TABLE t DROP CONSTRAINT uq_t_id",
)
sql(
    OTHER + "an id for a column that makes its own",
    "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)",
    "INSERT INTO t (id) VALUES (1)",
)
sql(
    OTHER + "a foreign key to columns that are not unique",
    "CREATE TABLE t (id int)",
    "CREATE TABLE u (id int REFERENCES t (id))",
)
sql(
    OTHER + "a foreign key of another type",
    "CREATE TABLE t (id uuid PRIMARY KEY)",
    "CREATE TABLE u (id int REFERENCES t)",
)
for change in ("TYPE boolean", "TYPE uuid"):
    sql(
        OTHER + "a column whose type PostgreSQL cannot change by itself",
        "CREATE TABLE t (n int)",
        f"ALTER TABLE t ALTER n {change}",
    )
sql(OTHER + "json, compared", "SELECT DISTINCT '{}'::json")
sql(OTHER + "ORDER BY beside DISTINCT", "SELECT DISTINCT relname FROM pg_class ORDER BY oid")
sql(OTHER + "an aggregate where none may stand", "SELECT 1 FROM pg_class WHERE count(*) > 1")
sql(OTHER + "a percent sign in the statement", "SELECT %s")
sql(OTHER + "a word of SQL in the place of a name", "SELECT * FROM order")
for foreign in (
    "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY)",
    "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT)",
    "CREATE TABLE `t` (id int)",
    "CREATE TABLE t (id int UNSIGNED)",
    "CREATE TABLE t (id int) ENGINE=InnoDB",
    "SELECT [name] FROM t",
    "INSERT IGNORE INTO t VALUES (1)",
    "REPLACE INTO t VALUES (1)",
    "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE id = 2",
    "DESCRIBE t",
):
    sql(OTHER + "a word of another database", foreign)
sql(
    OTHER + "a value within the SQL, with an apostrophe",
    "CREATE TABLE t (title text)",
    "INSERT INTO t VALUES ('Ender's Game')",
)
sql(OTHER + "a value within the SQL, with an apostrophe", "SELECT 1 WHERE 'O'Brien' = 'it'")
sql(OTHER + "a quote that is not closed", "SELECT 'one")
sql(OTHER + "a table does not exist", "SELECT * FROM nobody_made_it")
sql(OTHER + "a table does not exist", "CREATE TABLE u (id int REFERENCES nobody_made_it)")
sql(OTHER + "parts of one expression with different types", "SELECT coalesce(current_date, 0)")
sql(OTHER + "parts of one expression with different types", "SELECT 1 UNION SELECT current_date")
sql(
    "IntegrityError: NULL, written over a value",
    "CREATE TABLE t (name text NOT NULL)",
    "INSERT INTO t VALUES ('a')",
    "UPDATE t SET name = NULL",
)
sql(
    "IntegrityError: a CHECK, added over rows that do not fulfil it",
    "CREATE TABLE t (n int)",
    "INSERT INTO t VALUES (0)",
    "ALTER TABLE t ADD CHECK (n > 0)",
)
sql(
    OTHER + "a window function where none may stand",
    "SELECT 1 FROM pg_class WHERE row_number() OVER () = 1",
)
sql(OTHER + "a statement that ends too early", "SELECT * FROM pg_class WHERE")
sql(OTHER + "a bracket too early", "SELECT 1 WHERE 1 IN ()")
sql(OTHER + "two values, cast to nothing", "SELECT 1::uuid")
sql(
    "DBAPIError: a number of more digits than numeric(p, s) has",
    "CREATE TABLE t (n numeric(5, 2))",
    "INSERT INTO t VALUES (1234.5)",
)
sql(
    "DBAPIError: a sequence at its end",
    "CREATE SEQUENCE s MAXVALUE 2",
    *3 * ["SELECT nextval('s')"],
)
sql("DBAPIError: a text that is no JSON", "SELECT '{''a'': 1}'::jsonb")
sql("DBAPIError: a text that is no UUID", "SELECT 'one'::uuid")
sql(
    "DBAPIError: a value that the enum of the database does not have",
    "CREATE TYPE mood AS ENUM ('a')",
    "SELECT 'b'::mood",
)
sql(
    "DBAPIError: an enum's value that is to be renamed, and is not there",
    "CREATE TYPE mood AS ENUM ('a')",
    "ALTER TYPE mood RENAME VALUE 'b' TO 'c'",
)
sql(
    "DBAPIError: an enum's value that is to be renamed, and is not there",
    "CREATE TYPE mood AS ENUM ('a')",
    "ALTER TYPE mood ADD VALUE 'c' BEFORE 'b'",
)
sql(
    "IntegrityError: an exclusion constraint",
    "CREATE TABLE t (r int4range, EXCLUDE USING gist (r WITH &&))",
    "INSERT INTO t VALUES ('[1,5]'), ('[2,3]')",
)
sql(
    "IntegrityError: a unique constraint for rows that are not unique",
    "CREATE TABLE t (id int)",
    "INSERT INTO t VALUES (1), (1)",
    "ALTER TABLE t ADD UNIQUE (id)",
)
sql(
    "IntegrityError: a row that no partition takes",
    "CREATE TABLE t (id int) PARTITION BY LIST (id)",
    "INSERT INTO t VALUES (1)",
)
sql(OTHER + "not the owner", "ALTER TABLE pg_class ADD n int")
sql(OTHER + "a right that only a few roles have", "CREATE ROLE other_x")
NULLABLE = "DBAPIError: FOR UPDATE of rows that may be missing"
sql(
    NULLABLE,
    "CREATE TABLE t (id int)",
    "SELECT 1 FROM t LEFT JOIN t AS u ON t.id = u.id FOR UPDATE",
)
sql(
    "DBAPIError: FOR UPDATE of rows that are folded",
    "CREATE TABLE t (id int)",
    "SELECT DISTINCT id FROM t FOR UPDATE",
)
sql(
    "DBAPIError: a value that is too long for its index",
    "CREATE TABLE t (name text UNIQUE)",
    "INSERT INTO t SELECT string_agg(md5(n::text), '') FROM generate_series(1, 300) n",
)
sql(
    "DBAPIError: what a trigger or a function raised",
    "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$",
)
sql(
    "DBAPIError: the isolation level, too late",
    "BEGIN",
    "SELECT 1",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
)
sql(
    "DBAPIError: a query on a standby, in conflict with what it receives",
    "DO $$ BEGIN RAISE EXCEPTION 'canceling statement due to conflict with recovery'"
    " USING ERRCODE = '40001'; END $$",
)
sql(
    "DBAPIError: out of shared memory",
    "DO $$ BEGIN RAISE EXCEPTION 'out of shared memory' USING ERRCODE = '53200'; END $$",
)
sql(
    OTHER + "rows that row-level security would leave out",
    "CREATE TABLE t (id int)",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t FORCE ROW LEVEL SECURITY",
    "SET row_security = off",
    "SELECT * FROM t",
)
sql("DBAPIError: an empty text for a number", "SELECT ''::int")


def asked(heading: str, statement: str, *values: Any) -> None:
    """A statement with values, over asyncpg alone."""

    async def ask(place: Place) -> None:
        async with place.raw() as connection:
            await connection.fetch(statement, *values)

    ask.__name__ = f"asked: {statement[:50]}"
    raises(heading)(ask)


def bound(heading: str, statement: str, **values: Any) -> None:
    """A statement of `text()` with values."""

    async def ask(place: Place) -> None:
        async with place.connection() as connection:
            await connection.execute(text(statement), values)

    ask.__name__ = f"bound: {statement[:50]}"
    raises(heading)(ask)


asked("DBAPIError: a text for a number", "SELECT $1::int", "1")
asked("DBAPIError: a number for a text", "SELECT $1::text", 1)
bound("DBAPIError: a number for a text", "SELECT CAST(:n AS jsonb)", n={"a": 1})
asked("DBAPIError: a text for a moment", "SELECT $1::date", "2026-03-01")
asked("DBAPIError: a text for a moment", "SELECT $1::timestamptz", "2026-03-01")
asked("DBAPIError: an id that is no UUID", "SELECT $1::uuid", "one")
asked("DBAPIError: one value for an array", "SELECT 1 = ANY($1::int[])", 1)
asked("InterfaceError: values for a statement without parameters", "SELECT '$1 days'", 1)
asked(OTHER + "a colon in the statement", "SELECT :name")
bound(OTHER + "a colon in the statement", "SELECT :payload::jsonb", payload="{}")
bound("InterfaceError: $1 in text()", "SELECT * FROM pg_class WHERE relname = $1")
bound(OTHER + "a parameter where none may stand", "SELECT 1 WHERE 1 IN :ids", ids=[1])
asked(OTHER + "a parameter where none may stand", "SET lock_timeout = $1", "5s")


@raises(OTHER + "a parameter without its value")
async def parameter_without_value(place: Place) -> None:
    await place.ask("SELECT $1")


@raises(OTHER + "GROUP BY with a value")
async def grouped_by_a_value(place: Place) -> None:
    async with place.session() as session:
        first, again = func.left(Rig.name, 1), func.left(Rig.name, 1)
        await session.execute(select(first, func.count()).group_by(again))


@raises("UndefinedTableError: a table for COPY")
async def copied_with_a_dot(place: Place) -> None:
    async with place.raw() as connection:
        await connection.copy_records_to_table("public.rig", records=[(1, "one")])


@raises("ValueError: a type that the database does not have")
async def codec_of_an_extension(place: Place) -> None:
    async with place.raw() as connection:
        await connection.set_builtin_type_codec("hstore", codec_name="pg_contrib.hstore")


@raises("AttributeError: a Record, and not an object")
async def attribute_of_a_record(place: Place) -> None:
    async with place.raw() as connection:
        _ = (await connection.fetchrow("SELECT 1 AS id")).id


@raises("AttributeError: a Record, and not an object")
async def record_changed(place: Place) -> None:
    async with place.raw() as connection:
        (await connection.fetchrow("SELECT 1 AS id"))["id"] = 2


@raises("DBAPIError: what lives in a transaction, outside of one")
async def cursor_without_transaction(place: Place) -> None:
    async with place.raw() as connection:
        async for _ in connection.cursor("SELECT 1"):
            pass


@raises("InterfaceError: a transaction of asyncpg's in one that was begun by hand")
async def begun_by_hand(place: Place) -> None:
    async with place.raw() as connection:
        await connection.execute("BEGIN")
        async with connection.transaction():
            pass
