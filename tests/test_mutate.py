"""The mutants are what a learner forgets."""

from workbook.proof.mutate import mutants

SOURCE = '''
async def work(session, keep):
    """Do it."""
    rows = await session.fetch("SELECT a FROM t WHERE b = 1 ORDER BY a LIMIT 3", keep=True)
    await session.commit()
    found = select(T).where(T.a == 1).order_by(T.b)
    async with session.begin() as inner:
        use(inner, rows)
    raise Problem(found)
'''


def test_each_thing_that_can_be_forgotten_is_forgotten_once() -> None:
    found = dict(mutants(SOURCE))
    for name in (
        "without WHERE",
        "without ORDER BY",
        "without LIMIT",
        "without .where()",
        "without .order_by()",
        "without: await session.commit()",
        "without: raise Problem(found)",
        "without with: session.begin() as inner",
        "without argument 2 of use(inner, rows)",
    ):
        assert name in found, sorted(found)
    assert any(name.startswith("without await: await session.fetch(") for name in found)
    assert any(name.startswith("without keep= in ") for name in found)


def test_a_clause_is_cut_out_and_the_next_one_stays() -> None:
    text = dict(mutants(SOURCE))["without WHERE"]
    assert "'SELECT a FROM t ORDER BY a LIMIT 3'" in text


def test_every_mutant_differs_from_the_source_and_parses() -> None:
    texts = [text for _, text in mutants(SOURCE)]
    assert len(set(texts)) == len(texts)
    for text in texts:
        compile(text, "mutant", "exec")


def test_words_of_a_docstring_are_no_clauses() -> None:
    docstring = '"""The oldest, or None where none is open."""'
    source = f"def oldest(rows):\n    {docstring}\n    return min(rows)\n"
    assert [name for name, _ in mutants(source) if "WHERE" in name] == []
