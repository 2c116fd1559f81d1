"""A service of anybody's, judged from outside: what was asked, what was seen, what to do next.

It gets a PostgreSQL of its own, which breaks under it, and runs on a free port of 127.0.0.1.
Nothing is written into its folder.
"""

from workbook.judge.judging import judge

__all__ = ["judge"]
