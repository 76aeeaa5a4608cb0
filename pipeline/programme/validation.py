"""What pydantic finds wrong with a row or a document, in the words of those who maintain it.

Every kind of error the models can raise has its words here; a kind that a model words itself (PydanticCustomError)
is passed on. Nothing of pydantic's own English reaches a user.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from pipeline.programme.tables import INDICATOR_PATTERN, MEASURE_PATTERN, QUARTER_PATTERN, Row

SHOWN = 80  # characters of what was found; a whole list or document is not repeated
_DAY = "một ngày dạng 2024-01-12 hoặc 12/01/2024"
_WHOLE = "một số nguyên"
_YES_NO = "yes hoặc no (có hoặc không)"
_TEXT = "dòng chữ, không để trống; trong tệp YAML đặt số, ngày trong ngoặc kép"
_ENTRIES = "các mục có tên, mỗi mục một dòng 'tên: giá trị'"
KINDS_VI = {
    "missing": "có giá trị; mục này đang thiếu",
    "extra_forbidden": "bỏ mục này, hoặc sửa tên cho đúng; khai báo không có tên này",
    "invalid_key": "tên mục là chữ",
    "literal_error": "một trong các giá trị {expected}",
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": "một số",
    "decimal_parsing": "một số",
    "finite_number": "một số",
    "greater_than_equal": "một số từ {ge} trở lên",
    "less_than_equal": "một số không quá {le}",
    "date_type": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": "không để trống",
    "string_pattern_mismatch": "{pattern}",
    "dict_type": "các cặp tên và giá trị",
    "tuple_type": "một danh sách",
    "too_short": "không để trống",
    "too_long": "nhiều nhất {max_length} mục",
    "model_type": _ENTRIES,
}
_PATTERNS_VI = {
    QUARTER_PATTERN: "một quý dạng 2024-Q1",
    MEASURE_PATTERN: "mã gồm chữ thường không dấu, chữ số, dấu gạch dưới, bắt đầu bằng chữ",
    INDICATOR_PATTERN: "mã gồm chữ không dấu, chữ số, dấu chấm, dấu gạch dưới, bắt đầu bằng chữ",
}
_BUILT_IN = frozenset(get_args(ErrorType))


def told(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    """Each error once: where in the row or document ('columns, mục 2, header'), what was found, what is expected."""
    for detail in _of_the_nearest_alternative(error.errors(include_url=False)):
        yield _place(detail["loc"]), _found(detail), _expected(detail)


def _of_the_nearest_alternative(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Where a value may be one of several models, the errors of the one with the fewest."""
    names = {model.__name__ for model in _models(Row)}
    by_place: dict[tuple[int | str, ...], dict[str, int]] = {}
    for detail in details:
        if (split := _alternative(detail["loc"], names)) is not None:
            place, name = split
            counted = by_place.setdefault(place, {})
            counted[name] = counted.get(name, 0) + 1
    kept = []
    for detail in details:
        split = _alternative(detail["loc"], names)
        if split is None:
            kept.append(detail)
            continue
        place, name = split
        if name == min(by_place[place], key=lambda one: by_place[place][one]):
            kept.append({**detail, "loc": (*place, *detail["loc"][len(place) + 1 :])})
    return kept


def _alternative(loc: tuple[int | str, ...], names: set[str]) -> tuple[tuple[int | str, ...], str] | None:
    """The place before the name of a model, and that name."""
    for index, part in enumerate(loc):
        if part in names:
            return loc[:index], str(part)
    return None


def _models(model: type[Row]) -> Iterator[type[Row]]:
    for derived in model.__subclasses__():
        yield derived
        yield from _models(derived)


def _place(loc: tuple[int | str, ...]) -> str:
    return ", ".join(f"mục {part + 1}" if isinstance(part, int) else part for part in loc)


def _found(detail: ErrorDetails) -> str:
    found: Any = detail["input"]
    if found is None or detail["type"] == "missing" or isinstance(found, (dict, list, tuple, set)):
        return ""
    if isinstance(found, bool):
        return "yes" if found else "no"
    text = str(found)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _expected(detail: ErrorDetails) -> str:
    if detail["input"] is None and detail["loc"] and detail["type"] in _BUILT_IN:
        return KINDS_VI["missing"]
    words = KINDS_VI.get(detail["type"])
    if words is None:
        return "giá trị đúng khai báo" if detail["type"] in _BUILT_IN else detail["msg"]
    context = dict(detail.get("ctx", {}))
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", " hoặc ")
    if "pattern" in context:
        context["pattern"] = _PATTERNS_VI.get(str(context["pattern"]), "đúng dạng đã khai báo")
    return words.format(**context)
