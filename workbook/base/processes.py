"""The processes of this machine, as they are now."""

from collections.abc import Iterator

import psutil


def running(*attributes: str) -> Iterator[psutil.Process]:
    """Each process, with these attributes in its `info`.

    psutil keeps its objects by their numbers from one call to the next. Where a number is used
    again, its object speaks of the new process, and refuses to end it: it was made for the old one.
    """
    psutil.process_iter.cache_clear()
    found: Iterator[psutil.Process] = psutil.process_iter(list(attributes))
    return found
