"""What the text of a test asks for, whether it asserts what it compares, and why it failed."""

import ast

from workbook.checks.pytesting import Outcome

WHY_REFUSED = "why does the app refuse what your test sends?"
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


def why_it_failed(found: Outcome, statuses: list[int]) -> str:
    """The question for a test that fails on an app that keeps what it promises."""
    if statuses and all(400 <= each < 500 for each in statuses):
        return WHY_REFUSED
    if found.why.startswith("KeyError") and {*statuses} != {201}:
        return "which of these answers have that key in their body?"
    return "what did this app promise that it did not keep? Or does the test want more than that?"
