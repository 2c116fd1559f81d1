"""Questions that mark themselves: what `lab.guess` reads, keeps and answers."""

from workbook.questions.guesses import Guesses
from workbook.questions.marking import Marked

__all__ = ["Guesses", "Marked"]
