"""Errors that are a sentence for the learner: what happened, and what to do next."""


class Problem(Exception):
    """A clear sentence; notebooks show it without a traceback, the command line exits with 1."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
