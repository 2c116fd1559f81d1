"""Where things are: the checkout, the learner's own folder, and the workbook's own state in it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def work() -> Path:
    """The learner's own folder: `work/` in the checkout, or WORKBOOK_WORK."""
    return Path(os.environ.get("WORKBOOK_WORK") or ROOT / "work").resolve()


def myapp() -> Path:
    """The app that the learner builds."""
    return work() / "myapp"


def state() -> Path:
    """What the workbook remembers for this learner; hidden in JupyterLab's file browser."""
    return work() / ".workbook"
