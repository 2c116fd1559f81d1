"""YAML as data, by the parser in C where PyYAML was built with it: it takes a tenth of the time."""

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """The document as data; yaml.YAMLError where there is none, worded the same on any machine."""
    try:
        return yaml.load(text, LOADER)
    except (yaml.YAMLError, ValueError):
        return _slowly(text)


def _slowly(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except ValueError as error:  # 2026-13-45 looks like a date
        raise yaml.YAMLError(str(error)) from None
