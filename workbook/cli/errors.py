"""Errors that a person can put right, as sentences."""

from workbook.base import disk
from workbook.base.problem import Problem


def user_message(error: Exception) -> str | None:
    """What to tell the learner; None for an error that is the workbook's own fault."""
    if isinstance(error, Problem):
        return str(error.args[0] if error.args else error)
    if isinstance(error, ModuleNotFoundError) and str(error.name).startswith("workbook"):
        return f"This checkout has no {error.name}. Get the whole of it with: git checkout ."
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The package {error.name} is missing. Install all of them again: ./wb doctor --again"
        )
    if isinstance(error, OSError) and error.errno is None:
        return str(error)
    if disk.is_full(error):
        return disk.FULL
    if isinstance(error, OSError) and error.filename is not None:
        return (
            f"{error.filename}: {error.strerror}. "
            "Put that right, or run ./wb doctor, which looks for the cause."
        )
    return None
