"""Reading one file under raw/: CSV as Excel leaves it, YAML, JSON; mistakes are collected, not raised."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from pipeline.programme.tables import Row

RowType = TypeVar("RowType", bound=Row)
_KINDS_VI = {
    "missing": "thiếu",
    "extra_forbidden": "cột không có trong khai báo",
    "literal_error": "không thuộc danh sách cho phép",
    "bool_type": "chỉ nhận yes/no (có/không)",
    "bool_parsing": "chỉ nhận yes/no (có/không)",
    "int_parsing": "phải là số nguyên",
    "decimal_parsing": "phải là số",
    "date_from_datetime_parsing": "phải là ngày dạng 2024-01-12 hoặc 12/01/2024",
    "date_parsing": "phải là ngày dạng 2024-01-12 hoặc 12/01/2024",
    "string_too_short": "không được để trống",
    "string_type": "không được để trống",
    "string_pattern_mismatch": "sai dạng",
}


class Mistakes(list[str]):
    """Collected mistakes of one programme, each with file, line, column, found and expected."""

    def add(self, file: str, line: int | None, column: str, found: Any, expected: str) -> None:
        place = f"{file}" + (f", dòng {line}" if line else "") + (f", cột '{column}'" if column else "")
        self.append(f"{place}: thấy '{found}', cần: {expected}")


def read_table(
    folder: Path, name: str, row_type: type[RowType], mistakes: Mistakes, is_optional: bool = False
) -> list[tuple[int, RowType]]:
    """Rows of a CSV with their line numbers; `,` or `;`, with or without BOM."""
    path = folder / name
    if is_optional and not path.is_file():
        return []
    if not path.is_file():
        mistakes.add(name, None, "", "không có tệp", f"tệp {name} trong thư mục chương trình")
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        mistakes.add(name, None, "", "bảng mã khác", "lưu tệp ở dạng CSV UTF-8")
        return []
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows: list[tuple[int, RowType]] = []
    for record in reader:
        line = reader.line_num
        if not any(str(cell or "").strip() for cell in record.values()):
            continue
        if None in record:
            mistakes.add(name, line, "", "nhiều ô hơn số cột", "đặt trong ngoặc kép ô có dấu phân cách")
            continue
        # an empty cell takes the field's default, so that a column may be left out altogether
        given = {
            key: cell
            for key, cell in record.items()
            if cell or (key in row_type.model_fields and row_type.model_fields[key].is_required())
        }
        try:
            rows.append((line, row_type.model_validate(given)))
        except ValidationError as error:
            _add_validation(mistakes, name, line, error)
    return rows


def _add_validation(mistakes: Mistakes, file: str, line: int | None, error: ValidationError) -> None:
    for detail in error.errors():
        column = ".".join(str(part) for part in detail["loc"])
        expected = _KINDS_VI.get(detail["type"], detail["msg"])
        allowed = detail.get("ctx", {}).get("expected") if detail["type"] == "literal_error" else None
        found = detail["input"] if not isinstance(detail["input"], dict) else ""
        mistakes.add(file, line, column, found, f"{expected}: {allowed}" if allowed else expected)


def read_document(path: Path, row_type: type[RowType], mistakes: Mistakes) -> RowType | None:
    """One YAML or JSON document; None with a mistake where it cannot be used."""
    content = _parsed(path, mistakes)
    return None if content is None else _validated(path, row_type, content, mistakes)


def read_documents(path: Path, row_type: type[RowType], mistakes: Mistakes) -> list[RowType]:
    """A YAML list of documents; empty where there is no file."""
    content = _parsed(path, mistakes) if path.is_file() else []
    if not isinstance(content, list):
        mistakes.add(path.name, None, "", content, "một danh sách, mỗi mục bắt đầu bằng '- '")
        return []
    rows = (_validated(path, row_type, entry, mistakes) for entry in content)
    return [row for row in rows if row is not None]


def _parsed(path: Path, mistakes: Mistakes) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except FileNotFoundError:
        mistakes.add(path.name, None, "", "không có tệp", "tệp khai báo")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        mistakes.add(path.name, mark.line + 1 if mark else None, "", "sai cú pháp YAML", "sửa cú pháp")
    except ValueError:
        mistakes.add(path.name, None, "", "sai cú pháp JSON", "tệp do lệnh giaoban issue ghi")
    return None


def _validated(path: Path, row_type: type[RowType], content: Any, mistakes: Mistakes) -> RowType | None:
    try:
        return row_type.model_validate(content)
    except ValidationError as error:
        _add_validation(mistakes, path.name, None, error)
        return None
