"""The error dictionary: which of its entries is about an error that was raised.

The entries stand in the lessons (`{error}`) and come as data with the material.
"""

from workbook import material
from workbook.base.causes import causes


def entry(error: BaseException, notebook: str = "") -> material.ErrorEntry | None:
    """The entry that fits best, or None; `notebook` is the one that runs, two digits."""
    relatives = list(causes(error))
    found = [
        (position, -len(each.says), each)
        for book in reversed(material.notebooks())
        for each in book.errors
        for position, one in enumerate(relatives)
        if type(one).__name__ == each.name and each.says in str(one)
    ]
    return min(found, key=lambda triple: triple[:2])[2] if found else None
