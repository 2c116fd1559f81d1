"""How much memory the process of a check may take: it is looked at while it runs.

It is the check's own process that counts, not what it started, and a peak between two looks is
missed. A limit of the system's own (RLIMIT_AS) would also count what is set aside and never used.
"""

import psutil

from workbook.checks.result import Result

MOST = 1_000
"""In megabytes; the largest right answer that was looked at took a tenth of it."""
EVERY = 0.1
"""Seconds between two looks."""


class TooMuchMemoryError(Exception):
    """The process has taken more than it may."""


def look(pid: int) -> None:
    """TooMuchMemoryError where this process has taken more than it may."""
    try:
        taken = psutil.Process(pid).memory_info().rss
    except psutil.Error:  # it has ended
        return
    if taken > MOST * 1_000_000:
        raise TooMuchMemoryError


def too_much() -> Result:
    """The verdict on an answer that was stopped for it."""
    lines = {
        "What was looked at": "your answer, as the check runs it",
        "What happened": f"it took more than {MOST:,} MB of memory; the check was stopped",
        "What was wanted": "an answer that keeps no more than it needs",
        "Ask yourself": "which list, text or recursion grows, and what would end it?",
    }
    return {"outcome": "not yet", "lines": lines}
