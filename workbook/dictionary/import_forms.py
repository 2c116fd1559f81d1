"""What Python's messages about an import mean, form by form."""

import sys

STANDARD = "|".join(sorted(sys.stdlib_module_names))
NEWER = (
    "The `{2}` of this Python has no `{1}`: a newer Python brought it, or an older one had it, or"
)
NEWER += " it is mistyped. `python --version` tells which one runs, such as that of an image."
IMPORTS: list[tuple[str, str]] = [
    (
        r"cannot import name '(\w+)' from '(typing)'",
        f"{NEWER} The package `typing_extensions` has what is new: `from typing_extensions import"
        " {1}`.",
    ),
    (rf"cannot import name '(\w+)' from '((?:{STANDARD})(?:\.\w+)*)'", NEWER),
    (
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "The module `{2}` is there and has no `{1}`: it is mistyped, it was moved in the version"
        " that is installed, or a file of your own has the name of the library.",
    ),
    (
        r"(\S+): cannot open shared object file",
        "A package needs a library of the system, `{1}`, that is not installed: in a small image,"
        " `apt-get install` of it, or the package's wheel with all in it (`psycopg[binary]`).",
    ),
    (
        r"DLL load failed|undefined symbol|incompatible architecture|wrong ELF class|GLIBC",
        "The compiled part of a package was made for another Python, processor or system: install"
        " it anew with this Python, and copy no `.venv` from one machine or image to another.",
    ),
]
"""A part of the message, as an expression, and the words: a part of `forms.FORMS`."""
