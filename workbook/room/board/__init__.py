"""The board: it takes reports, remembers them on disk, and shows them to whoever teaches.

Reports come in over TLS at the address of the room (`reports`); the pages are served on this
machine alone (`pages`). Both know the `Board`, which is the one that knows people.
"""
