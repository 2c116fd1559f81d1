"""What an earlier call has left, in a default or a module, and the next call gives back."""

from collections.abc import Sized

ASK = "of which call is the rest of it, and which list or dictionary of yours outlives its call?"

KEPT = "did this call ask PostgreSQL, or does it give back what an earlier call was told?"


def question(got: object, wanted: Sized, otherwise: str) -> str:
    """The question where a list or a dictionary has more in it than was wanted; else the other."""
    more = isinstance(got, list | dict) and type(got) is type(wanted) and len(got) > len(wanted)
    return ASK if more else otherwise
