"""What Pydantic says of data that do not fit a schema: field by field, and what to do."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

CLASSES = {"ValidationError", "RequestValidationError", "ResponseValidationError"}
LIBRARIES = {"pydantic_core", "fastapi"}
MOST = 3
"""So many faults are told; the message has all of them."""
KINDS = [
    (
        r"missing|missing_(?:keyword_only_|positional_only_)?argument",
        "Give it, under this name or its alias, or give the field a default; `str | None` alone is"
        " none.",
    ),
    (
        r"extra_forbidden|unexpected_keyword_argument|unexpected_positional_argument"
        r"|no_such_attribute|multiple_argument_values",
        "Nothing of this name is declared, or it is given twice: leave it out, declare it, or"
        ' `extra="ignore"`.',
    ),
    (r"frozen_.*", "It may not be changed: `model_copy(update={…})` makes another object."),
    (
        r"json_invalid",
        "The text is no JSON: look at it at the place that the message names. A body wants double"
        " quotes, no comma at the end, and `json=` in the place of `data=`.",
    ),
    (
        r"json_type|bytes_type|string_type",
        "Pydantic 2 makes no text of a number, a UUID or None: `str(…)`, `str | None`, or"
        " `coerce_numbers_to_str=True`.",
    ),
    (
        r"model_type|dataclass_type|model_attributes_type|dataclass_exact_type|dict_type"
        r"|mapping_type|named_tuple_type",
        "A dictionary, or an object of this class, is wanted. Of an object of the ORM the fields"
        " are read with `from_attributes=True` only; a text of JSON with `model_validate_json`.",
    ),
    (
        r"get_attribute_error",
        "Reading it from the object failed: of the ORM, it was not loaded, or the session is"
        " closed. Load it in the query.",
    ),
    (
        r"default_factory_not_called",
        "Its default needs another field, which is at fault: mend that.",
    ),
    (
        r"recursion_loop|recursion_depth_exceeded",
        "The data lead back to themselves: a schema without the way back.",
    ),
    (
        r"none_required",
        "Only None may stand here.",
    ),
    (
        r"greater_than.*|less_than.*|multiple_of|finite_number|decimal_max_.*"
        r"|decimal_whole_digits|int_parsing_size",
        "The value is of the right type and outside of what `Field`, or the type, allows: mend the"
        " value, or the limit.",
    ),
    (
        r"too_short|too_long|string_too_.*|bytes_too_.*|url_too_long",
        "Its length is outside of `min_length` and `max_length`: mend the value, or the limit.",
    ),
    (
        r"string_pattern_mismatch|string_not_ascii|string_unicode|bytes_invalid_encoding",
        "The text has another form than its `pattern`, or its encoding, allows.",
    ),
    (
        r"enum|literal_error",
        "Only these values are allowed, as the enum or `Literal` writes them: of an enum the"
        " value, and not the name of its member; capitals count.",
    ),
    (
        r"(?:int|float|bool|decimal|fraction|complex)_(?:type|parsing)|complex_str_parsing",
        "A text must hold such a value and nothing else; an empty text and None are none. Behind"
        " the type, `| None` allows None.",
    ),
    (r"int_from_float", "The number has a fraction: `float`, or round it before."),
    (
        r"(?:date|time|datetime|time_delta)_(?:type|parsing|object_invalid)|date_from.*"
        r"|datetime_from.*",
        "Give ISO 8601, `2026-03-01T12:00:00Z`, or a `date` or `datetime` of Python's; a date has"
        " no time beside it.",
    ),
    (r"date_past|date_future|datetime_past|datetime_future", "It lies on the other side of now."),
    (
        r"timezone_.*",
        "The schema says whether a moment has a zone (`AwareDatetime`, `NaiveDatetime`): give it"
        " `tzinfo=UTC`, or take it away.",
    ),
    (
        r"(?:list|tuple|set|frozen_set|deque|iterable|frozen_dict|ordered_dict|counter)_type"
        r"|iteration_error|set_item_not_hashable",
        "A list is wanted, of such elements. In FastAPI a list comes from the body, or from the"
        " query with `Query()`.",
    ),
    (
        r"value_error|assertion_error",
        "A validator says this: one of your own, or one of a type such as `EmailStr`; behind the"
        " comma stand its words.",
    ),
    (
        r"union_tag_.*",
        "The schemas of this union are told apart by one field, which is missing here, or has a"
        " value that no schema names.",
    ),
    (
        r"url_.*",
        "Give a whole URL, with its scheme, `postgresql+asyncpg://…` or `https://…`; letters such"
        " as `@` and `/` in a password are quoted.",
    ),
    (
        r"uuid_.*",
        "Give a UUID, of 32 hex digits, of the version that the field wants; an id that is a"
        " number is none. In FastAPI, a fixed path must be declared before `/{id}`.",
    ),
    (
        r"is_instance_of|is_subclass_of|callable_type",
        "An object of this class is wanted, and nothing is converted to one.",
    ),
]
"""A type of fault, as an expression for all of its name, and what to do."""
NO_VALUE = re.compile(r"missing.*|default_factory_not_called")
"""Faults whose `input` is what lies around the field."""


def faults(error: BaseException) -> list[str]:
    """For each of the first faults its field, what was wanted, what came and what to do."""
    kind = type(error)
    if kind.__name__ not in CLASSES or kind.__module__.partition(".")[0] not in LIBRARIES:
        return []
    found: list[Any] = list(error.errors())  # type: ignore[attr-defined]
    told = [_told(each) for each in found if isinstance(each, dict) and "loc" in each]
    more = [f"The message has {len(told) - MOST} more."] if len(told) > MOST else []
    return told[:MOST] + more


def words(kind: str) -> str:
    """What to do about a fault of this `type`; empty where its message says all there is."""
    return next((said for pattern, said in KINDS if re.fullmatch(pattern, kind)), "")


def _told(fault: dict[str, Any]) -> str:
    where = " → ".join(str(each) for each in fault["loc"]) or "the whole"
    came = "; ".join(_came(fault))
    said = str(fault.get("msg", "")).rstrip(".")
    told = f"`{where}`: {said}{came and f' ({came})'}."
    advice = "" if _is_no_data(fault.get("input")) else words(str(fault.get("type")))
    return f"{told} {advice}".rstrip()


def _is_no_data(value: Any) -> bool:
    """Whether an error or a call that nobody awaited was given: no mending of a field helps."""
    return isinstance(value, BaseException) or inspect.isawaitable(value)


def _came(fault: dict[str, Any]) -> Iterator[str]:
    value = fault.get("input")
    if _is_no_data(value) or not NO_VALUE.fullmatch(str(fault.get("type"))):
        yield f"what came is of type {type(value).__name__}"
    elif isinstance(value, dict):
        yield f"what came has: {', '.join(map(str, list(value)[:8])) or 'nothing'}"
