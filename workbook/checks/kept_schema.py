"""Whether the tables are what they were, but for what the task asks for."""

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet

_SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
       || coalesce('(' || character_maximum_length || ')', '')
       || CASE is_nullable WHEN 'NO' THEN ', NOT NULL' ELSE '' END
       || coalesce(', default ' || column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')
UNION ALL SELECT 'index ' || indexname || ' on ' || tablename
FROM pg_indexes WHERE schemaname = 'public'
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


async def schema_of(answer: Answer) -> set[str]:
    """A line for each column, constraint and index."""
    return {row[0] for row in await answer.observer.fetch(_SCHEMA)}


async def expect_only(answer: Answer, before: set[str], after: str, *but: str) -> None:
    """NotYet where something else has changed than the lines that begin with one of `but`."""
    now = await schema_of(answer)
    new = [each for each in sorted(now - before) if not each.startswith(but)]
    gone = [each for each in sorted(before - now) if not each.startswith(but)]
    told = [f"new: {', '.join(new)}"] * bool(new) + [f"gone: {', '.join(gone)}"] * bool(gone)
    if told:
        raise NotYet.looked_at(
            f"what else has changed in the tables, after {after}",
            got="; ".join(told),
            wanted="nothing but what the task asks for",
            ask="does the task ask for that, and do the models say so?",
        )
