"""Whatever is wrong with a row or a document is said in Vietnamese, at its place, once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.programme import heading, layouts, tables
from pipeline.programme.files import Mistakes, read_document, read_documents, read_table
from pipeline.programme.heading import Heading
from pipeline.programme.tables import Correction, Owner, Row, Target
from pipeline.programme.validation import KINDS_VI, told

MODELS = sorted(
    {
        model
        for module in (tables, heading, layouts)
        for model in vars(module).values()
        if inspect.isclass(model) and issubclass(model, Row) and model is not Row
    },
    key=lambda model: model.__name__,
)
SPOILT: list[Any] = [
    None, "", " ", "abc", "1,2,3", "9" * 5000, "2030-13-45", 0, -5, 10**9, 1.5, float("nan"), True, Decimal("NaN"),
    datetime(2030, 1, 1, 5), time(1), b"\xff", [], [1], ["a"] * 9, {}, {"a": 1}, {1: 2}, object(),
]  # fmt: skip
WORDS = re.compile(r"[A-Za-z]{3,}")


def refused() -> Iterator[ValidationError]:
    """Each model with each spoilt value in the place of the whole and of each of its fields."""
    for model in MODELS:
        names = [field.alias or name for name, field in model.model_fields.items()]
        for content in [*SPOILT, *({name: spoilt} for name in names for spoilt in SPOILT)]:
            try:
                model.model_validate(content)
            except ValidationError as error:
                yield error


def test_every_kind_of_error_has_words_of_ours_and_none_of_pydantic():
    kinds = set()
    for error in refused():
        english: set[str] = set()
        for detail in error.errors():
            kinds.add(detail["type"])
            english |= set(WORDS.findall(detail["msg"])) - set(WORDS.findall(f"{detail.get('ctx')} {detail['input']}"))
        for _, _, expected in told(error):
            assert expected and not english & set(WORDS.findall(expected)), expected
    assert kinds == set(KINDS_VI)


@pytest.mark.parametrize(
    ("model", "content", "expected"),
    [
        (Target, {"op": "more"},
         ("op", "more", "một trong các giá trị 'ge', 'gt', 'le', 'lt', 'range', 'approx' hoặc 'yes'")),
        (Target, {"year": "hai nghìn"}, ("year", "hai nghìn", "một số nguyên")),
        (Target, {"value": [1]}, ("value", "", "một số")),
        (Owner, {"name": ""}, ("name", "", "không để trống")),
        (Owner, {"ten": "Sở"}, ("ten", "Sở", "bỏ mục này, hoặc sửa tên cho đúng; khai báo không có tên này")),
        (Heading, {"due_days": -1}, ("due_days", "-1", "một số từ 0 trở lên")),
        (Heading, {"indicators_announced": []}, ("indicators_announced", "", "không để trống")),
        (Heading, {"indicators_announced": [{"from": "2030-01-01", "count": "x" * 200}]},
         ("indicators_announced, mục 1, count", "x" * 80 + "…", "một số nguyên")),
        (Correction, {"quarter": "quý 4"}, ("quarter", "quý 4", "một quý dạng 2024-Q1")),
        (Correction, {"agreed_on": "31/02/2030"},
         ("agreed_on", "31/02/2030", "một ngày dạng 2024-01-12 hoặc 12/01/2024")),
    ],
)  # fmt: skip
def test_what_is_said(model: type[Row], content: dict[str, Any], expected: tuple[str, str, str]):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(content)
    assert expected in list(told(caught.value))


def test_a_column_of_a_form_is_told_once_though_it_could_be_of_three_kinds():
    with pytest.raises(ValidationError) as caught:
        layouts.Layout.model_validate(
            {"form": "a", "titles": ["A"], "sender": "area", "rows": "areas", "ordinal": "STT", "label": "Xã",
             "columns": [{"measure": "a", "header": "A"}, {"measure": "b", "hedaer": "B"}]}
        )  # fmt: skip
    assert list(told(caught.value)) == [
        ("columns, mục 2, header", "", KINDS_VI["missing"]),
        ("columns, mục 2, hedaer", "B", KINDS_VI["extra_forbidden"]),
    ]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.yml", b"day: 2030-02-31\n", "a.yml: thấy 'có ngày không tồn tại', cần: sửa lại ngày"),
        ("a.yml", "tên: \u0110".encode("utf-16"), "a.yml: thấy 'bảng mã khác', cần: lưu tệp ở dạng UTF-8"),
        ("a.yml", b"", "a.yml: thấy '', cần: các mục có tên, mỗi mục một dòng 'tên: giá trị'"),
        ("a.json", b"{", "a.json: thấy 'sai cú pháp JSON', cần: tệp do lệnh giaoban issue ghi"),
    ],
)
def test_a_document_that_cannot_be_used_says_why(tmp_path, name: str, content: bytes, expected: str):
    (tmp_path / name).write_bytes(content)
    mistakes = Mistakes()
    assert read_document(tmp_path / name, Owner, mistakes) is None
    assert mistakes == [expected]


def test_a_list_of_nothing_but_comments_is_empty_and_a_wrong_entry_is_numbered(tmp_path):
    path = tmp_path / "corrections.yml"
    mistakes = Mistakes()
    path.write_text("# chưa có đính chính nào\n", encoding="utf-8")
    assert read_documents(path, Correction, mistakes) == [] == mistakes
    whole = (
        "{quarter: 2030-Q4, measure: a, area: '001', old: 1, new: 2, reason: b, agreed_by: c, agreed_on: 2031-01-08}"
    )
    path.write_text(f"- {whole}\n- {whole.replace('new: 2', 'new: hai')}\n", encoding="utf-8")
    assert [one.basis for one in read_documents(path, Correction, mistakes)] == ["reported"]
    assert mistakes == ["corrections.yml, mục 2, cột 'new': thấy 'hai', cần: một số"]


def test_a_table_with_a_cell_too_long_to_be_one_is_told(tmp_path):
    (tmp_path / "owners.csv").write_text("code,name,short_name\na,A,A\nb," + "x" * 200_000 + ",B\n", encoding="utf-8")
    mistakes = Mistakes()
    assert [owner.code for _, owner in read_table(tmp_path, "owners.csv", Owner, mistakes)] == ["a"]
    assert len(mistakes) == 1 and mistakes[0].startswith("owners.csv, dòng 3: thấy 'không tách được thành các ô'")
