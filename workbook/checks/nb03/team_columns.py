"""What the catalogue says of a column of the teams."""

from workbook.checks.answer import Answer

NO_COLUMN = "no such column"


async def team_column_type(answer: Answer, name: str) -> str:
    """The type of the column, with ` not null` where it is; or that there is no such column."""
    kind: str | None = await answer.observer.fetchval(
        "SELECT data_type || CASE is_nullable WHEN 'YES' THEN '' ELSE ' not null' END"
        " FROM information_schema.columns WHERE table_name = 'team' AND column_name = $1",
        name,
    )
    return kind or NO_COLUMN
