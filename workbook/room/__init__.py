"""A room of learners: the board of whoever teaches, and what a laptop that has joined sends to it.

`wire` is what travels between them; `laptop` and `board` know it, and nothing of each other.
"""
