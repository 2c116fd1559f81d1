"""What authors run: read a lesson, cut it into two notebooks, execute, compare, lint."""
