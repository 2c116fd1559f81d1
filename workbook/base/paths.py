"""Where things are: the checkout, the learner's own folder, and the workbook's own state in it."""

from pathlib import Path

from workbook.base import settings

ROOT = Path(__file__).resolve().parents[2]


def work() -> Path:
    """The learner's own folder: `work/` in the checkout, or WORKBOOK_WORK."""
    return Path(settings.read().work or ROOT / "work").resolve()


def work_as_known() -> str:
    """The learner's own folder as their own machine calls it, also in a container."""
    return settings.read().work_outside or str(work())


def myapp() -> Path:
    """The app that the learner builds."""
    return work() / "myapp"


def state() -> Path:
    """What the workbook remembers for this learner; hidden in JupyterLab's file browser."""
    return work() / ".workbook"
