"""The one error that this package raises on purpose."""

from workbook.base.problem import Problem


class PostgresProblem(Problem):
    """A sentence or two for a person: what happened, and what to do next."""


AGAIN = "Nothing you wrote is lost: run the start cell again, then this one."
SERVER_GONE = f"The workbook's Postgres has stopped. {AGAIN}"
