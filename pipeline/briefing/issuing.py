"""Issuing a briefing: the draft is printed again with number and date, and what leaves the office goes on record."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipeline.briefing.document import build_briefing
from pipeline.briefing.edition import Edition
from pipeline.briefing.facts.collecting import data_date, figures
from pipeline.briefing.facts.figure import plain
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.paper.fonts import load_fonts
from pipeline.briefing.provenance import REPORTS, inputs_record, to_json
from pipeline.errors import GiaobanError, UsageError
from pipeline.programme import TOP_AREA, Programme, load_programme
from pipeline.programme.tables import Issue, IssuedFigure
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date
from pipeline.warehouse import fresh_set

FILES = ("briefing.pdf", "facts.json", "inputs.json", "manifest.json")
_ROWS_VI = {
    "receipts": "báo cáo gửi lên",
    "indicators": "chỉ tiêu",
    "targets": "kế hoạch, mục tiêu",
    "assessments": "đánh giá đã ghi nhận",
    "method_breaks": "thay đổi cách tính",
    "tasks": "nhiệm vụ",
    "corrections": "đính chính",
}


def issue_briefing(
    programme: Programme,
    quarter: Quarter,
    number: str,
    on: date,
    connection: duckdb.DuckDBPyConnection,
    confirm: Callable[[], None],
    waiting: Callable[[str], None] | None = None,
) -> tuple[Path, Issue]:
    """Print the built draft of a quarter with number and date, and put it on record; the record's file and contents.

    The issued edition takes the place of the draft under build/ and stays, byte for byte, beside its record. Figures
    are not computed again: `connection` has them, and `confirm` raises where they are not those that the files give
    now. One at a time issues a quarter; the next is told that it waits. GiaobanError where there is
    no complete draft, where its inputs changed since, where any of them is illustrative, or where number or date do
    not follow what was issued before: a corrected briefing (đính chính) is a further issue with a number of its own
    and a later date.
    """
    build = programme.home / "build" / programme.id
    build_again = f"Đề nghị làm lại báo cáo rồi ban hành: giaoban briefing {programme.id} {quarter}."
    with fresh_set(build, str(quarter), waiting=waiting) as folder:
        programme = load_programme(programme.home, programme.id)  # as whoever issued before left it
        draft = _complete_draft(build / str(quarter), build_again)
        marts = Marts(connection, quarter)
        latest = data_date(marts, quarter)
        now = inputs_record(programme, quarter, marts, load_fonts(REPORTS), None, latest)
        if changed := _changed(draft, json.loads(to_json(now))):
            listing = ", ".join(changed[:5]) + (f" và {len(changed) - 5} mục khác" if len(changed) > 5 else "")
            raise GiaobanError(f"Đầu vào đã thay đổi sau khi in báo cáo: {listing}. {build_again}")
        _refuse_illustrative(connection, programme, quarter)
        if on < latest:
            raise UsageError(
                f"Ngày ban hành {short_date(on)} sớm hơn số liệu mới nhất của báo cáo ({short_date(latest)})."
            )
        _refuse_repetition(programme, quarter, number, on)
        _refuse_unknown_issue(marts, programme, quarter, build_again)
        confirm()
        path = _record_file(programme, quarter)
        build_briefing(programme, quarter, connection, programme.home, folder, edition=Edition(number, on))
        files = {name: (folder / name).read_bytes() for name in FILES}
        pages = {page.relative_to(folder).as_posix(): _digest(page.read_bytes()) for page in folder.glob("areas/*.pdf")}
        issued = Issue(
            quarter=str(quarter), number=number, issued_on=on, inputs_sha256=_digest(files["inputs.json"]),
            facts_sha256=_digest(files["facts.json"]), pdf_sha256=_digest(files["briefing.pdf"]),
            pages=dict(sorted(pages.items())), figures=tuple(_figures(connection, programme, quarter)),
            printed={fact["key"]: fact["printed"] for fact in json.loads(files["facts.json"])},
        )  # fmt: skip
        confirm()
        _write(path.with_suffix(".pdf"), files["briefing.pdf"])
        _write(path, _as_json(issued))
    return path, issued


def _complete_draft(folder: Path, build_again: str) -> dict[str, Any]:
    """inputs.json of what was built, of which nothing is missing and nothing was touched."""
    files = {name: _read(folder / name, build_again) for name in FILES}
    outputs = json.loads(files["manifest.json"])["outputs"]
    made = sorted({*outputs, *FILES[:-1]})
    spoiled = [name for name in made if outputs.get(name) != _digest(_read(folder / name, build_again))]
    if spoiled:
        raise GiaobanError(f"Tệp {', '.join(spoiled)} trong {folder} không còn như khi in ra. {build_again}")
    record: dict[str, Any] = json.loads(files["inputs.json"])
    return record


def _changed(draft: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What changed since the draft; the record of an earlier issue is no change by itself, nor is its number."""
    return [name for name in _differences(draft | {"issue": None}, now) if not name.startswith("issued/")]


def _refuse_unknown_issue(marts: Marts, programme: Programme, quarter: Quarter, build_again: str) -> None:
    """A further issue tells what changed since the one before, which the warehouse must know for that."""
    before = programme.latest_issue(quarter)
    known = [row["number"] for row in marts.of_quarter("raw.issues", "issued_on desc, number desc")]
    if before is not None and before.number not in known:
        raise GiaobanError(
            f"Kho dữ liệu chưa biết báo cáo số {before.number} ngày {short_date(before.issued_on)} đã ban hành, nên "
            f"chưa nói được số liệu nào thay đổi. {build_again}"
        )


def _record_file(programme: Programme, quarter: Quarter) -> Path:
    """issued/<quarter>.json, of the second issue issued/<quarter>-2.json."""
    earlier = [one for one in programme.issues if one.quarter == str(quarter)]
    path = programme.folder / "issued" / (f"{quarter}.json" if not earlier else f"{quarter}-{len(earlier) + 1}.json")
    if path.exists():
        raise GiaobanError(f"Đã có tệp {path} mà không đọc được như một lần ban hành; đề nghị kiểm tra thư mục này.")
    return path


def _read(path: Path, build_again: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise GiaobanError(f"Chưa có báo cáo hoàn chỉnh: không thấy tệp {path}. {build_again}") from None


def _differences(built: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What differs between two records of inputs: 'targets.csv', 'code', ..."""
    for key in sorted({*built, *now}):
        before, after = built.get(key), now.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(before, after)
        elif before != after:
            yield key


def _refuse_illustrative(connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter) -> None:
    """Every dated or undated input up to the quarter counts; a table has a basis or is none."""
    tables = connection.execute(
        "select table_name, bool_or(column_name = 'quarter') from information_schema.columns"
        " where table_schema = 'raw' group by table_name having bool_or(column_name = 'basis') order by table_name"
    ).fetchall()
    found = []
    for table, has_quarter in tables:
        condition = "quarter <= ?" if has_quarter else "? is not null"
        query = f"select count(*) from raw.{table} where basis = 'illustrative' and {condition}"
        rows = connection.execute(query, [str(quarter)]).fetchall()[0][0]
        if rows:
            found.append(f"{rows} {_ROWS_VI.get(table, table)}")
    if found:
        raise GiaobanError(
            f"Không ban hành được báo cáo {quarter.title}: có số liệu minh họa trong đầu vào ({', '.join(found)}). "
            f"Đề nghị thay bằng số liệu thật (cột basis trong raw/{programme.id}) rồi làm lại báo cáo."
        )


def _refuse_repetition(programme: Programme, quarter: Quarter, number: str, on: date) -> None:
    for one in programme.issues:
        if one.number == number and one.issued_on.year == on.year:
            raise UsageError(
                f"Số {number} đã dùng cho báo cáo {one.quarter} ngày {short_date(one.issued_on)}; "
                "đính chính thì ban hành với số khác."
            )
        if one.quarter == str(quarter) and one.issued_on >= on:
            raise UsageError(
                f"Báo cáo {quarter.title} đã ban hành số {one.number} ngày {short_date(one.issued_on)}; "
                "bản đính chính phải có ngày sau ngày đó."
            )


def _figures(connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter) -> Iterator[IssuedFigure]:
    """Every indicator of the city and of each district, with the exact parts also where print hides them."""
    rows = connection.execute(
        "select figures.indicator_code, figures.area_code, figures.numerator, figures.denominator, progress.status"
        " from marts.indicator_values as figures"
        " left join marts.indicator_progress as progress on figures.quarter = progress.quarter"
        " and figures.indicator_code = progress.indicator_code and figures.area_code = ?"
        " where figures.quarter = ? order by figures.indicator_code, figures.area_code",
        [TOP_AREA, str(quarter)],
    ).fetchall()
    printed = {
        (one["indicator"], one["area"]): one["printed"]
        for code in dict.fromkeys(row[0] for row in rows)
        for one in figures(connection, programme, quarter, code)
    }
    for code, area, numerator, denominator, status in rows:
        yield IssuedFigure(
            indicator=code, area=area, numerator=numerator, denominator=denominator, status=status,
            printed=printed[code, area],
        )  # fmt: skip


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _as_json(issued: Issue) -> bytes:
    record = issued.model_dump(mode="python")
    record["issued_on"] = issued.issued_on.isoformat()
    record["figures"] = [
        {key: plain(value) if isinstance(value, Decimal) else value for key, value in one.items()}
        for one in record["figures"]
    ]
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _write(path: Path, data: bytes) -> None:
    """All of the file or nothing."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
