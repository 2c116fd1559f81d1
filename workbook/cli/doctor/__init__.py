"""`wb doctor`: looks for what could stop the workbook, and names the repair."""
