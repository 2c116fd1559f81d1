"""Errors that a person can put right, as sentences."""

import errno
import sys


def sentence(error: Exception) -> str | None:
    """What to tell the learner; None for an error that is the workbook's own fault."""
    if isinstance(error, _known_kinds()):
        return str(error.args[0] if error.args else error)
    if isinstance(error, ModuleNotFoundError) and str(error.name).startswith("workbook"):
        return f"This checkout has no {error.name}. Get the whole of it with: git checkout ."
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is missing. Remove .venv and run ./wb: it is made again."
    if isinstance(error, OSError) and error.errno is None:
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Make room (1 GB is enough), then do it again: nothing was lost."
    if isinstance(error, OSError) and error.filename is not None:
        return (
            f"{error.filename}: {error.strerror}. "
            "Put that right, or run ./wb doctor, which looks for the cause."
        )
    return None


def _known_kinds() -> tuple[type[BaseException], ...]:
    """Only modules that are loaded can have raised; the others stay unloaded."""
    kinds = [
        ("workbook.postgres.problem", "PostgresProblem"),
        ("workbook.base.problem", "Problem"),
        ("workbook.base.ports", "PortTaken"),
        ("workbook.cli.launch", "LabProblem"),
        ("workbook.workspace.history", "NothingToUndo"),
    ]
    loaded = [(sys.modules.get(module), name) for module, name in kinds]
    return tuple(getattr(module, name) for module, name in loaded if module)
