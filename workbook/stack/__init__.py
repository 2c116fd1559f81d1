"""An app and its database as Compose runs them: in containers, or replayed by plain processes."""

from workbook.stack.stack import Stack

__all__ = ["Stack"]
