"""Importing the learner's app afresh, so that a saved change is a seen change."""

import importlib
import sys
from pathlib import Path
from types import ModuleType


def forget(package: str) -> None:
    """Drop a package and all of its modules from the modules that are loaded."""
    for name in [n for n in sys.modules if n == package or n.startswith(package + ".")]:
        del sys.modules[name]


def import_from(folder: Path, module: str) -> ModuleType:
    """Import a module from this folder, new, whatever was loaded under its name before."""
    forget(module.split(".")[0])
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    write, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return importlib.import_module(module)
    finally:
        sys.dont_write_bytecode = write
        sys.path.remove(str(folder))
