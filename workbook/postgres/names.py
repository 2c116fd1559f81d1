"""What the workbook's databases are called, so that no two workbooks want the same name."""

import itertools
import re

from workbook.base import settings
from workbook.postgres import holders, owner
from workbook.postgres.server import APP

_CHECK = re.compile(rf"_check_([0-9a-f]{{{owner.LETTERS}}})_([0-9a-f]{{{holders.LETTERS}}})_")
_numbers = itertools.count(1)


def prefix() -> str:
    """What the names of this workbook's databases begin with: WORKBOOK_DATABASE_PREFIX first.

    Else, on a server of WORKBOOK_DATABASE_URL, something of this workbook alone. PostgresProblem
    where the workbook's state cannot be written.
    """
    given = settings.read()
    own = f"{APP}_{owner.mark()}" if given.database_url else APP
    return given.database_prefix or own


def for_check(prefix: str) -> str:
    """A new name for a check's database: whose it is, and of which process.

    At its end stands the word without which an app's tests refuse a database.
    """
    return f"{prefix}_check_{owner.mark()}_{holders.mine()}_{next(_numbers)}_test"


def is_left_over(name: str) -> bool:
    """Whether this is a check's database of this workbook, and its process is gone."""
    found = _CHECK.search(name)
    return found is not None and found[1] == owner.mark() and holders.is_gone(found[2])


def says_ours(name: str) -> bool:
    """Whether the name itself says that a database is this workbook's."""
    return owner.mark() in name.split("_")
