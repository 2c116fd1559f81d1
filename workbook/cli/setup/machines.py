"""On which machines the workbook does not run, and which way works there instead."""

import sys
import sysconfig

ELSEWHERE = (
    "In a container it does: docker compose up --build\n"
    "Or in a browser, with nothing installed: on GitHub, Code, Codespaces; then there: ./wb lab"
)


def unsupported() -> str:
    """Why nothing can be installed here, and what to do; empty where that is not known."""
    if "musl" in str(sysconfig.get_config_var("SOABI")):
        return (
            "The C library of this system is musl, as Alpine's is, and there is no PostgreSQL for "
            f"it among the packages: the workbook does not run here as it is.\n{ELSEWHERE}"
        )
    if sys.maxsize < 2**32:
        return (
            "This Python has 32 bits, and no package is made for it. Where the machine has 64, "
            f"install a Python of 64 bits, and run ./wb again.\n{ELSEWHERE}"
        )
    return ""
