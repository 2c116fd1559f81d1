"""What the text of a test asks for, whether it asserts what it compares, and why it failed."""

import ast
import re

from workbook.checks.pytesting import Outcome

_NUMBERS, _TEXTS = r"[\[{]\d[\d, ]*[\]}]", r"[\[{]'[^\[{]*[\]}]"
TOO_EARLY = "who was there when you sent the GET, and who was promised after it?"
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


def lets_pass(text: str) -> str:
    """The question for lines that let it pass where a promise was not kept; empty for others."""
    return never_fails(text) or asks_too_early(text) or looks_at_half(text) or by_name(text)


def never_fails(text: str) -> str:
    """The question for lines that cannot fail a test; empty where there are none."""
    parts = [*ast.walk(ast.parse(text))]
    if not any(isinstance(each, (ast.Assert, ast.Raise)) for each in parts):
        return "which line of your test can fail it?"
    alone = (each for each in parts if isinstance(each, ast.Expr))
    if any(isinstance(each.value, ast.Compare) for each in alone):
        return "which line can fail a test: a comparison, or an `assert` of it?"
    tries = (each for each in parts if isinstance(each, ast.Try) and each.handlers)
    if any(isinstance(part, ast.Assert) for each in tries for part in ast.walk(each)):
        return "what is it that fails a test, and what does your `except` do with it?"
    return ""


def never_asks(text: str) -> str:
    """The question for a test that sends no GET; empty for others."""
    asks = re.search(r"\.(get|request|stream|send)\(", text)
    return "" if asks else "where does your test ask who is there?"


def looks_at_half(text: str) -> str:
    """The question for an `assert` of an `or`; empty where there is none."""
    asserted = (each.test for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Assert))
    if any(isinstance(each, ast.BoolOp) and isinstance(each.op, ast.Or) for each in asserted):
        return "in `assert a or b`, when does Python look at `b`?"
    return ""


def by_name(text: str) -> str:
    """The question for users that are told apart by their names; empty where by another key."""
    keys = [
        each.slice.value
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant)
    ]
    if "name" in keys and keys.count("id") < 2:  # the team's id is read in any case
        return "both users of your test have one name: what tells one from the other?"
    return ""


def asks_too_early(text: str) -> str:
    """The question for a GET that comes before a POST; empty where none does."""
    methods = _methods(text)
    if "get" in methods and "post" in methods[methods.index("get") :]:
        return TOO_EARLY
    return ""


def _methods(text: str) -> list[str]:
    """Which of GET and POST it sends, in the order of its lines."""
    calls = _calls_in_order([*ast.walk(ast.parse(text))])
    asked = [each.func.attr for each in calls if isinstance(each.func, ast.Attribute)]
    return [each for each in asked if each in ("get", "post")]


def _calls_in_order(parts: list[ast.AST]) -> list[ast.Call]:
    calls = [each for each in parts if isinstance(each, ast.Call)]
    return sorted(calls, key=lambda each: (each.lineno, each.col_offset))


def why_it_failed(found: Outcome, statuses: list[int], text: str) -> str:
    """The question for a test that fails on an app that keeps what it promises."""
    if statuses and all(400 <= each < 500 for each in statuses):
        return WHY_REFUSED
    if found.why.startswith("KeyError") and {*statuses} != {201}:
        return "which of these answers have that key in their body?"
    if re.search(rf"{_NUMBERS} [=!<>]+ {_TEXTS}|{_TEXTS} [=!<>]+ {_NUMBERS}", found.why):
        return "what stands on each side of your comparison: ids, or something else of a user?"
    if "get" in (methods := _methods(text)) and methods[-1] == "post":
        return TOO_EARLY
    return "what did this app promise that it did not keep? Or does the test want more than that?"
