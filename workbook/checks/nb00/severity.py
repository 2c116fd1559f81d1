"""Check of 00.severity: titles of one severity, or of all where None is asked for."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect
from workbook.checks.nb00.awaited_calls import expect_nothing_open, result_of
from workbook.checks.nb00.blocked_queries import expect_cancellable
from workbook.checks.nb00.connecting import connecting, values_sent
from workbook.checks.nb00.titles import (
    ANOTHER_NIGHT,
    RETURNS_LAST,
    OfUrl,
    are_strings,
    expect_failure_told,
    expect_not_let_in,
    question_of_order,
)
from workbook.checks.verdict import Reason

BySeverity = Callable[[str, str | None], Awaitable[Any]]

_SPELT = ("Critical", " critical")
_SEVERITIES = ("critical", None, "", "it's new", "%", *_SPELT, "unknown", None)
"""What is there, all, texts that no incident has; and another night, in part and all."""
_BY_NULL = Reason(
    try_next="Write it with an `if` in Python and two statements, and look at `await lab.saw()` for"
    " both. Which of the two would you rather read at 3 AM?"
)


async def check(answer: Answer) -> Reason | None:
    """Titles as strings, the newest first; all for None, and for no text that is none."""
    by_severity = answer.get()
    for severity in _SEVERITIES:
        if severity == "unknown":
            await answer.observer.execute(ANOTHER_NIGHT)
        await _titles(answer, by_severity, severity)
    for severity in ("minor", None):
        function = _of_url(by_severity, severity)
        call = f"by_severity({{url}}, {severity!r})"
        await expect_failure_told(answer, call.format(url="url"), function)
        await expect_not_let_in(answer, call, function)
        await expect_cancellable(answer, call.format(url="url"), function(answer.url))
    source = answer.source().upper()
    return _BY_NULL if "IS NULL" in source or "COALESCE(" in source else None


def _of_url(by_severity: BySeverity, severity: str | None) -> OfUrl:
    return lambda url: by_severity(url, severity)


async def _titles(answer: Answer, by_severity: BySeverity, severity: str | None) -> None:
    call = f"by_severity(url, {severity!r})"
    with connecting() as connected, values_sent() as sent:
        got = await result_of(call, by_severity(answer.url, severity))
    are_strings(answer, call, got)
    await expect_nothing_open(answer, call, "which path leaves without closing?")
    rows = await answer.observer.fetch(
        "SELECT title FROM incident WHERE $1 OR severity = $2 ORDER BY opened_at DESC",
        severity is None,
        severity or "",
    )
    wanted = [row["title"] for row in rows]
    if sorted(got) != sorted(wanted):
        ask = _question(severity, got, len(wanted))
        if severity is None and not got:
            ask = _question_of_none(answer, sent if connected.called else None)
        expect(call, got, wanted, outliving.KEPT if got and not connected.called else ask)
    expect(call, got, wanted, question_of_order(answer, got, wanted))


def _question(severity: str | None, got: list[str], many: int) -> str:
    """The question that leads from these titles to the wanted ones."""
    if severity == "" and got:
        return "is an empty text None, and what do `if` and `or` make of both?"
    if severity in _SPELT and got:
        return "are two spellings one severity, and which line makes one of them?"
    if severity and len(got) > many:
        return "which incidents does the list want when a severity is named?"
    return "which rows are left out, and by which condition?"


def _question_of_none(answer: Answer, sent: list[Any] | None) -> str:
    """The question that leads from no title at all, by what was sent, and what is compared.

    `sent` is None where nobody connected.
    """
    text = answer.source().upper()
    if answer.returns_in_finally():
        return RETURNS_LAST
    if sent is None:
        return "which titles does the list want where nobody has chosen: none, or all?"
    if re.search(r"[^<>!]=\s*NULL", text):
        return "is anything equal to NULL, even NULL itself, and how does SQL ask for it?"
    if "%" in text and "LIKE" not in text:
        return "of which comparison is `%` a sign for any text: of `=`, or of LIKE?"
    if "IS NULL" in text:
        return "which of the two is NULL where nobody has chosen: the column, or what was passed?"
    if "DISTINCT" in text:
        return "which severities are not distinct from NULL: all of them, or one that is missing?"
    if sent and None not in sent:
        return "what was sent where nobody has chosen, and has an incident that severity?"
    return "in SQL, which row is it whose `severity = $1` is true when `$1` is NULL?"
