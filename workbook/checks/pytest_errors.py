"""The error of a test or a fixture: the learner's line that it came through, and what it means."""

import re
import traceback
from pathlib import Path

from workbook.checks.messages import innermost
from workbook.checks.places import place
from workbook.checks.unexpected import meaning

_OF_A_CHECK = re.compile(r"/test_(?:probe|ids|of_another_module)\.py$")
"""Tests that a check has written itself."""
_TRIAL = re.compile(r"\btrial_\d+/")
"""The folder in which a check runs the learner's test on another app."""


def lines_of(error: BaseException, folder: str, number: str) -> dict[str, str]:
    """What a verdict says of this error, by label; nothing where no line of the learner's is in it.

    `folder` is that of the app, and `number` the notebook's.
    """
    found = innermost(error)
    if not (where := _line(found, str(Path(folder).resolve()))):
        return {}
    return {"You wrote": where} | meaning(found, number, where)


def _line(error: BaseException, folder: str) -> str:
    """The deepest line of the learner's tests that the error came through, or an empty string."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        name = frame.filename
        if name.startswith(f"{folder}/tests/") and not _OF_A_CHECK.search(name):
            shown = place(name, frame.lineno or 0, folder, frame.end_lineno or 0)
            return _TRIAL.sub("", shown, count=1)
    return ""
