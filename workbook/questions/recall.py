"""When a question is due again: what was right comes back later and later, what was wrong soon.

The schedule is FSRS, of the package `fsrs`, in whole days; `recall.json` keeps it.
"""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from fsrs import Card, Rating, Scheduler

from workbook import material, workspace
from workbook.base import paths
from workbook.base.whole import put_in_place
from workbook.workspace import files

AT_ONCE = 5
"""How many are asked in one sitting."""
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""Its steps of minutes are for who learns words: here one answers again until it is right."""


def answered(question_id: str, right: bool, now: datetime | None = None) -> None:
    """Plan when this question comes back; a second answer before that changes nothing."""
    now = now or datetime.now(UTC)
    with files.locked("recall"):
        cards = _load()
        card = cards.get(question_id) or Card(card_id=0, due=now)
        if card.due <= now:
            rating = Rating.Good if right else Rating.Again
            cards[question_id], _ = SCHEDULER.review_card(card, rating, now)
            _save(cards)


def due(now: datetime | None = None) -> list[material.Question]:
    """Questions that were answered and may be forgotten by now; those that were wrong first.

    One that was answered before there was a plan is due at once.
    """
    now, known = now or datetime.now(UTC), workspace.read()
    with files.locked("recall"):
        cards = _load()
    asked = [each for book in material.notebooks() for each in book.questions if each.id in known]
    plan = {each.id: cards[each.id].due if each.id in cards else now for each in asked}
    wanted = [each for each in asked if plan[each.id] <= now]
    return sorted(wanted, key=lambda each: (known[each.id].verdict == "right", plan[each.id]))


def next_day(now: datetime | None = None) -> str:
    """The day on which something is due that is not due yet; empty where there is nothing."""
    now = now or datetime.now(UTC)
    with files.locked("recall"):
        later = [card.due for card in _load().values() if card.due > now]
    return min(later).astimezone().date().isoformat() if later else ""


def path() -> Path:
    """The file; a new one takes its place at each change."""
    return paths.state() / "recall.json"


def _load() -> dict[str, Card]:
    """Question id → its card; a file that cannot be read is kept beside, and a new one begins."""
    try:
        raw = json.loads(path().read_text("utf-8"))
        return {str(each): _card(card) for each, card in raw.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        put_in_place(path(), path().with_name(f"recall-damaged-{time.time_ns()}.json"))
        return {}


def _card(raw: object) -> Card:
    """A card as JSON holds it; an error where it is something else."""
    card = Card.from_dict(raw)  # type: ignore[arg-type]
    if card.due.tzinfo is None or card.stability is None or card.difficulty is None:
        raise ValueError("a card without its plan")
    return card


def _save(cards: dict[str, Card]) -> None:
    raw = {each: card.to_dict() for each, card in sorted(cards.items())}
    files.write(path(), json.dumps(raw, indent=1) + "\n")
