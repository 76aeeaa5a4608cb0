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
from pipeline.programme.validation import told

RowType = TypeVar("RowType", bound=Row)
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same safe documents, ten times as fast with libyaml


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
    try:
        for record in reader:
            _add_row(rows, record, reader.line_num, name, row_type, mistakes)
    except csv.Error:
        mistakes.add(
            name, reader.line_num + 1, "", "không tách được thành các ô", "lưu lại tệp ở dạng CSV UTF-8 từ Excel"
        )
    return rows


def _add_row(
    rows: list[tuple[int, RowType]],
    record: dict[str, Any],
    line: int,
    name: str,
    row_type: type[RowType],
    mistakes: Mistakes,
) -> None:
    if not any(str(cell or "").strip() for cell in record.values()):
        return
    if None in record:
        mistakes.add(name, line, "", "nhiều ô hơn số cột", "đặt trong ngoặc kép ô có dấu phân cách")
        return
    # an empty cell takes the field's default, so that a column may be left out altogether
    given = {
        key: cell
        for key, cell in record.items()
        if cell or (key in row_type.model_fields and row_type.model_fields[key].is_required())
    }
    row = _validated(name, line, row_type, given, mistakes)
    if row is not None:
        rows.append((line, row))


def read_document(path: Path, row_type: type[RowType], mistakes: Mistakes) -> RowType | None:
    """One YAML or JSON document; None with a mistake where it cannot be used."""
    if not path.is_file():
        mistakes.add(path.name, None, "", "không có tệp", f"tệp {path.name} trong thư mục chương trình")
        return None
    before, content = len(mistakes), _parsed(path, mistakes)
    return None if len(mistakes) > before else _validated(path.name, None, row_type, content, mistakes)


def read_documents(path: Path, row_type: type[RowType], mistakes: Mistakes) -> list[RowType]:
    """A YAML list of documents; empty where there is no file or nothing but comments."""
    content = (_parsed(path, mistakes) if path.is_file() else None) or []
    if not isinstance(content, list):
        mistakes.add(path.name, None, "", "nội dung khác", "một danh sách, mỗi mục bắt đầu bằng '- '")
        return []
    rows = (
        _validated(f"{path.name}, mục {place}", None, row_type, entry, mistakes)
        for place, entry in enumerate(content, 1)
    )
    return [row for row in rows if row is not None]


def _parsed(path: Path, mistakes: Mistakes) -> Any:
    """What a file holds; None with a mistake where it cannot be parsed."""
    is_json = path.suffix == ".json"
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if is_json else yaml.load(text, Loader=_YAML)
    except UnicodeDecodeError:
        mistakes.add(path.name, None, "", "bảng mã khác", "lưu tệp ở dạng UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        mistakes.add(path.name, mark.line + 1 if mark else None, "", "sai cú pháp YAML", "sửa cú pháp")
    except ValueError:  # yaml makes dates as it goes along
        found = "sai cú pháp JSON" if is_json else "có ngày không tồn tại"
        mistakes.add(path.name, None, "", found, "tệp do lệnh giaoban issue ghi" if is_json else "sửa lại ngày")
    return None


def _validated(
    file: str, line: int | None, row_type: type[RowType], content: Any, mistakes: Mistakes
) -> RowType | None:
    try:
        return row_type.model_validate(content)
    except ValidationError as error:
        for column, found, expected in told(error):
            mistakes.add(file, line, column, found, expected)
        return None
