"""The error dictionary: which of its entries is about an error that was raised.

The entries stand in the lessons (`{error}`) and in `lessons/errors.md`; they come as data with the
material. `choice` compares what an entry asks for with what `evidence` finds at an error; where no
entry fits, `words` says what kind of error it is: by PostgreSQL's code (`conditions`), by the form
of Python's message (`forms`, `nearest`), by the system's number (`system`), or by its class
(`libraries`). `earlier` knows which sentence a notebook's reader can understand; `server` tells
what PostgreSQL added, `validation` Pydantic's faults.
"""

from workbook.dictionary.choice import entry
from workbook.dictionary.earlier import known_first, known_part
from workbook.dictionary.evidence import sqlstate
from workbook.dictionary.validation import faults
from workbook.dictionary.words import of_form, of_kind, of_sqlstate

__all__ = [
    "entry",
    "faults",
    "known_first",
    "known_part",
    "of_form",
    "of_kind",
    "of_sqlstate",
    "sqlstate",
]
