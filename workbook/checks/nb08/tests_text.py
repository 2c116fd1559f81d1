"""What the text of a test asks for, and whether it asserts what it compares."""

import ast

FIXTURES = {
    "live": "which client has its answer before the COMMIT has ended, as a user has?",
    "failing_commit": "which COMMIT fails in your test?",
}
"""The question for a test that does not ask for this fixture."""


def missing_fixture(text: str, name: str) -> str:
    """The question for a test that asks for one of the two fixtures only; empty where for both."""
    tests = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.AsyncFunctionDef))
    asked = {arg.arg for each in tests if each.name == name for arg in each.args.args}
    return next((ask for fixture, ask in FIXTURES.items() if fixture not in asked), "")


def not_asserted(text: str) -> str:
    """The question for a comparison that is a line of its own; empty where there is none."""
    lines = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Expr))
    alone = any(isinstance(each.value, ast.Compare) for each in lines)
    return "which line can fail a test: a comparison, or an `assert` of it?" if alone else ""
