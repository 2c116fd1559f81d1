"""The judge of services: what it sees of the reference, of a usual recipe, and of no app at all."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli import judging
from workbook.judge import contract, finding, judge
from workbook.judge.finding import Finding, Judgement
from workbook.judge.judging import NEEDED, ROWS
from workbook.stack import warm_programs

REFERENCE = paths.ROOT / "app_reference"
FILES = {
    "alembic.ini": "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n",
    "alembic/env.py": """
import asyncio, os
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

def work(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def run():
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(work)
    await engine.dispose()

asyncio.run(run())
""",
    "alembic/versions/one.py": """
from alembic import op
revision, down_revision = "one", None

def upgrade():
    op.execute("CREATE TABLE part (id serial PRIMARY KEY, name text UNIQUE)")
""",
    "app/main.py": """
import os
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])
app = FastAPI()

class PartIn(BaseModel):
    name: str

async def get_db():
    async with AsyncSession(engine) as session:
        yield session
        await session.commit()

@app.get("/livez")
@app.get("/readyz")
async def health() -> str:
    return "ok"

@app.get("/parts")
async def parts(db: AsyncSession = Depends(get_db)) -> list[int]:
    return list(await db.scalars(text("SELECT id FROM part LIMIT 9")))

@app.get("/parts/{key}")
async def part(key: int, db: AsyncSession = Depends(get_db)) -> str:
    name = await db.scalar(text("SELECT name FROM part WHERE id = :key"), {"key": key})
    if name is None:
        raise HTTPException(404)
    return name

@app.post("/parts", status_code=201)
async def add(new: PartIn, db: AsyncSession = Depends(get_db)) -> dict[str, int]:
    insert = text("INSERT INTO part (name) VALUES (:name) RETURNING id")
    return {"number": await db.scalar(insert, {"name": new.name})}
""",
    "judge.toml": """
[write]
path = "/parts"
body = { name = "part {n}" }
read = "/parts/{number}"
""",
}


def service(folder: Path, **instead: str) -> Path:
    """A service of somebody's in a folder, as the usual recipe has it; with other texts of files.

    A file is named without its ending and with `__` for a slash; an empty text takes it away.
    """
    for name, text in FILES.items():
        text = instead.get(name.rpartition(".")[0].replace("/", "__"), text)
        if text:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    return folder


def judged(folder: Path, *only: str) -> dict[str, tuple[str, str, str]]:
    """What the judge says: for each thing that was asked, in order: held, seen, next."""
    said: list[str] = []
    found = asyncio.run(judge(folder, only, said.append))
    assert isinstance(found, Judgement)
    return {str(asked): (str(h), str(s), str(n)) for asked, h, s, n in found.rows}


def of(name: str) -> str:
    return ROWS[name].asked


HELD = ("own write", "upgrades", "crash", "away", "locks", "end")
MISSED = ("tests", "promises", "hostile", "twenty", "own write", "commit", "upgrades", "backends")


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    """No fork server is left."""
    yield
    warm_programs.close()


def test_the_reference_holds_under_every_fault() -> None:
    found = judged(REFERENCE, *HELD)
    assert [asked for asked, row in found.items() if row[0] != "yes"] == [], found
    assert set(found) == {of(name) for name in (*NEEDED, *HELD)}


def test_the_usual_recipe_is_told_what_its_clients_would_see(tmp_path: Path) -> None:
    found = judged(service(tmp_path), *MISSED)
    held = [asked for asked, row in found.items() if row[0] == "yes"]
    assert held == [of(name) for name in NEEDED]
    seen = {name: found[of(name)][1] for name in (*NEEDED, *MISSED)}
    assert (seen["tables"], seen["tests"]) == ("tables: 1", "there are none")
    assert seen["twenty"] == "19 × 500, 1 × 201"
    assert "404" in seen["own write"]
    assert seen["commit"] == "8 × 201"
    assert "500" in seen["backends"]
    assert "DuplicateTable" in seen["upgrades"] or "UniqueViolation" in seen["upgrades"]
    assert "Undocumented status code: GET /parts/{key}" in seen["promises"]
    assert "an id past int8: 500" in seen["hostile"]
    for name in MISSED:
        assert found[of(name)][2], "what is next is said"


@pytest.mark.parametrize(
    ("instead", "row", "seen"),
    [
        ({"app__main": ""}, "app", "there is no app/main.py in "),
        ({"alembic__versions__one": "import nothing_of_the_kind"}, "tables", "ModuleNotFoundError"),
        ({"app__main": "import nothing_of_the_kind"}, "start", "/livez says no answer"),
        ({"app__main": "from fastapi import FastAPI\napp = FastAPI()"}, "start", "/livez says 404"),
    ],
    ids=["no module", "a migration", "an import", "no health"],
)
def test_what_is_no_service_is_told_in_a_sentence_and_asked_nothing_more(
    instead: dict[str, str], row: str, seen: str, tmp_path: Path
) -> None:
    found = judged(service(tmp_path, **instead), "away")
    assert found[of(row)][0] == "NO" and seen in found[of(row)][1], found
    assert "nothing_of_the_kind" in str(found) or "nothing" not in str(instead)
    assert found[of(row)][2], "what is next is said"
    assert found[of("away")] == ("not asked", "-", f"First: {of(row)}.")
    assert "Traceback" not in str(found)


def test_a_folder_that_is_not_there_is_told() -> None:
    found = judged(Path("/nowhere/at/all"), "start")
    assert found[of("app")][1] == "there is no folder /nowhere/at/all"


def test_a_table_that_no_migration_makes_is_seen(tmp_path: Path) -> None:
    none = 'revision, down_revision = "one", None\n\ndef upgrade():\n    pass\n'
    found = judged(service(tmp_path, alembic__versions__one=none), "own write")
    assert found[of("tables")][:2] == ("NO", "no table")
    assert "03" in found[of("tables")][2]


def test_without_a_word_of_how_to_write_those_rows_are_not_asked(tmp_path: Path) -> None:
    found = judged(service(tmp_path, judge=""), "own write")
    assert found[of("own write")][0] == "not asked" and "[write]" in found[of("own write")][2]


def test_a_field_that_the_answer_lacks_is_named(tmp_path: Path) -> None:
    wrong = FILES["judge.toml"].replace("{number}", "{id}")
    found = judged(service(tmp_path, judge=wrong), "own write")
    assert "asks for 'id', and the answer has number" in found[of("own write")][1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[write", "cannot be read"),
        ("wrote = 1", "wrote: Extra inputs are not permitted"),
        ("[write]\npath = '/a'", "write.body: Field required"),
        ("[prepare]\nmodule = []", "prepare.module: List should have at least 1 item"),
    ],
)
def test_a_contract_that_says_nonsense_is_refused_with_its_place(
    text: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "judge.toml").write_text(text)
    with pytest.raises(Problem) as refused:
        contract.read(tmp_path)
    assert sentence in str(refused.value) and "judge.toml" in str(refused.value)


def test_the_workbooks_own_app_needs_no_contract(tmp_path: Path) -> None:
    assert contract.read(REFERENCE).write is not None
    assert contract.read(tmp_path) == contract.Contract()
    shutil.copy(contract.NIGHTWATCH, tmp_path / "judge.toml")
    assert contract.read(tmp_path) == contract.read(REFERENCE)


def test_a_row_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Problem, match=r"There is no row 'speed'\. There are: app, tables"):
        asyncio.run(judge(REFERENCE, ["speed"], lambda _: None))


def test_a_judgement_is_true_where_every_row_held() -> None:
    held, missed = Finding("as it should be"), Finding("not so", "Do this.")
    assert finding.table([("a", held)]) and not finding.table([("a", held), ("b", missed)])
    assert not finding.table([("a", Finding("-", asked=False))])
    assert "1 of 2 held." in repr(finding.table([("a", held), ("b", missed)]))


def test_the_command_prints_each_row_and_ends_with_1_where_one_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert judging.run(tmp_path, ["start"]) == 1
    said = capsys.readouterr().out
    assert f"NO        {of('app')}\n          there is no app/main.py in " in said
    assert "0 of 3 held." in said


def test_the_command_ends_with_0_where_all_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert judging.run(REFERENCE, ["start"]) == 0
    assert capsys.readouterr().out.endswith("3 of 3 held.\n")
