"""What shows itself in a cell: cards, tables, drawings."""
