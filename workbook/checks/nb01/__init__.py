"""Checks of notebook 01: the session factory, get_db, and a unit of work that fails."""

from workbook.checks.nb02 import work_ahead as work_ahead  # it takes a minute on a busy machine
