"""What comes of a check, as it crosses over from its process to the kernel."""

from typing import Any

from workbook.checks.verdict import OF_THE_APP, YOURS, NotYet, Reason

Result = dict[str, Any]
"""`outcome`: right, not yet, broken or ran; `lines`: label and text; `tests`: what pytest found.

`share`: what one that was stopped for its time had got of it, and `line`, the learner's that it was
at, with its label. A right one has the checker's own `why` and `try_next`, where it gave them.
"""
BEFORE = ("You called", "What was looked at", YOURS, OF_THE_APP, "What happened", "Traceback")
"""The labels of what is said first."""


def right(reason: Reason | None) -> Result:
    """The answer is right, for the lesson's reason or for its own."""
    given = reason or Reason()
    return {"outcome": "right", "lines": {}, "why": given.why, "try_next": given.try_next}


def not_yet(problem: NotYet) -> Result:
    """The answer is not right yet, for this reason."""
    return {"outcome": "not yet", "lines": dict(problem.lines)}


def broken(lines: dict[str, str]) -> Result:
    """The check could not judge."""
    return {"outcome": "broken", "lines": lines}


def too_slow(
    seconds: float,
    share: tuple[float, float],
    where: str = "",
    own_line_ran: bool = False,
    label: str = YOURS,
) -> Result:
    """The answer did not come in time; `where` is the learner's line that was waited for."""
    got = f"no answer within {seconds:.0f} seconds; the check was stopped"
    lines = {"What was looked at": "your answer, as the check runs it", "What happened": got}
    line = {label: where} if where else {}
    if line:
        lines = line | {"What happened": f"{got} while this line ran"}
    lines["What was wanted"] = "an answer in time"
    told = {"share": share, "line": line, "own_line_ran": own_line_ran}
    return {"outcome": "not yet", "lines": lines} | told


def with_facts(lines: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    """The lines, with what else was seen behind what happened, and before what is asked."""
    known = {label: text for label, text in seen.items() if text}
    before = {label: lines[label] for label in BEFORE if label in lines}
    return before | known | {label: text for label, text in lines.items() if label not in before}
