"""Counts of what is to be verified: findings in the forms, rows a check offends at, files of no use."""

from __future__ import annotations

from decimal import Decimal

from pipeline.trace.counts import Asking, Count, count_of
from pipeline.trace.figure import Derived, Item
from pipeline.trace.records import Records, Row
from pipeline.vietnamese import number

_SEVERITIES = {"error": "lỗi", "warn": "cảnh báo"}
_ORDER = ("severity", "reporter", "sheet", "cell", "rule", "found")


def _item(row: Row, *, is_shown: bool = True) -> Item:
    """A finding at its place. What stands in a file that is not used is never repeated."""
    place = "!".join(filter(None, (row["sheet"], row["cell"])))
    expected = f"cần {row['expected']}" if row["expected"] else ""
    said = "; ".join(filter(None, (row["found"] if is_shown else "", expected))) or row["remedy"] or row["rule"]
    return Item(row["rule"], said, file=row["file"], place=place)


def _sorted(rows: list[Row], *columns: str) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(str(row[column] or "") for column in columns))


def _findings(asking: Asking) -> Derived:
    """Of one severity (error, warn) or one rule, in the submissions in force."""
    rows = asking.records.of_quarter(
        "select findings.* from raw.findings as findings where findings.quarter = ?"
        " and exists (select 1 from staging.forms_in_force as used"
        " where used.quarter = findings.quarter and used.sha256 = findings.sha256)"
    )
    if asking.parameter not in _SEVERITIES:
        return _of_rule(asking)
    chosen = _sorted([row for row in rows if row["severity"] == asking.parameter], *_ORDER)
    name = f"Số {_SEVERITIES[asking.parameter]} trong biểu đang dùng"
    items = [_item(row) for row in chosen]
    return count_of(
        asking, name, items, "trường hợp", "số phát hiện trong các biểu đang dùng", table="raw.findings", style="few"
    )


def _of_rule(asking: Asking) -> Derived:
    """As marts.data_quality counts: once for each reporter, however often the same was read."""
    rows = asking.records.of_quarter(
        "with used as (select distinct quarter, sha256, reporter from staging.forms_in_force)"
        " select distinct findings.rule, findings.severity, findings.file, findings.sheet, findings.cell,"
        " findings.found, findings.expected, findings.remedy, used.reporter from raw.findings as findings"
        " inner join used on findings.quarter = used.quarter and findings.sha256 = used.sha256"
        " and used.reporter = coalesce(findings.reporter, used.reporter) where findings.quarter = ?"
    )
    rules = [row["rule"] for row in asking.records.rows("marts.data_quality")]
    if asking.parameter not in rules:
        raise asking.unknown([*_SEVERITIES, *dict.fromkeys(rules)])
    chosen = _sorted([row for row in rows if row["rule"] == asking.parameter], *_ORDER)
    words = f"số phát hiện theo quy tắc {asking.parameter} trong các biểu đang dùng"
    items = [_item(row) for row in chosen]
    return count_of(asking, words.capitalize(), items, "trường hợp", words, table="marts.data_quality")


def _checks(asking: Asking) -> Derived:
    """The rows of one check of the models."""
    tables = asking.records.select(
        "select table_name from information_schema.tables where table_schema = 'checks' order by table_name"
    )
    known = [row["table_name"] for row in tables]
    if asking.parameter not in known:
        raise asking.unknown(known)
    rows = _sorted(asking.records.rows(f"checks.{asking.parameter}"), "area_code", "subject", "found", "expected")
    items = [
        Item(f"{asking.records.name_of(row['area_code'] or '')} {row['subject'] or ''}".strip(),
             f"thấy {_said(row['found'])}, cần {_said(row['expected'])}",
             file=f"sql/checks/{asking.parameter}.sql", area=row["area_code"] or "")
        for row in rows
    ]  # fmt: skip
    words = f"số dòng trái quy tắc {asking.parameter}"
    return count_of(
        asking, words.capitalize(), items, "trường hợp", words, table=f"checks.{asking.parameter}", style="few"
    )


def _said(value: object) -> str:
    if isinstance(value, float):
        value = Decimal(str(value))
    return number(value, 4) if isinstance(value, Decimal | int) else str(value or "…")


def _unusable(records: Records) -> dict[tuple[str, str], list[Row]]:
    """The errors of each file without any accepted form, by file name and hash."""
    rows = records.of_quarter(
        "select findings.* from raw.findings as findings where findings.quarter = ? and findings.severity = 'error'"
        " and not exists (select 1 from raw.submissions as used where used.quarter = findings.quarter"
        " and used.sha256 = findings.sha256 and used.is_accepted)"
    )
    refused = records.of_quarter(
        "select file, sha256 from raw.submissions as refused where quarter = ? and not is_accepted"
        " and not exists (select 1 from raw.submissions as used where used.quarter = refused.quarter"
        " and used.sha256 = refused.sha256 and used.is_accepted)"
    )
    held: dict[tuple[str, str], list[Row]] = {(row["file"], row["sha256"]): [] for row in refused}
    for row in _sorted(rows, "sheet", "cell", "rule"):
        held.setdefault((row["file"], row["sha256"]), []).append(row)
    return dict(sorted(held.items()))


def _unusable_files(asking: Asking) -> Derived:
    """All such files, or the errors in cells of the one with this number in their order."""
    held = _unusable(asking.records)
    if asking.parameter:
        numbered = {f"{place:03}": key for place, key in enumerate(held, 1)}
        if asking.parameter not in numbered:
            raise asking.unknown(list(numbered))
        file, sha256 = numbered[asking.parameter]
        items = [_item(row, is_shown=False) for row in held[file, sha256] if row["cell"]]
        name = f"Số lỗi trong các ô của tệp {file}"
        return count_of(asking, name, items, "lỗi", "số ô có lỗi", table="raw.findings", style="few")
    items = []
    for place, ((file, _), rows) in enumerate(held.items(), 1):
        whole = dict.fromkeys(row["rule"] for row in rows if not row["cell"])
        cells = sum(bool(row["cell"]) for row in rows)
        said = "; ".join([*whole, *([f"{cells} ô có lỗi"] if cells else [])]) or "không có biểu dùng được"
        items.append(Item(file, said, file=file, subject=f"{asking.code}.{place:03}"))
    words = "số tệp không có biểu nào dùng được"
    return count_of(asking, words.capitalize(), items, "tệp", words, table="raw.findings", style="few")


def _of_reporter(severity: str) -> Count:
    """Findings of the files of one reporter that are in force, or of the last one where none is."""

    def build(asking: Asking) -> Derived:
        rows = asking.records.of_quarter(
            "with files as (select forms.quarter, forms.reporter, forms.sha256 from staging.forms_in_force as forms"
            " inner join staging.quarters as quarters on forms.quarter = quarters.quarter"
            " and forms.month = quarters.last_month"
            " union select quarter, reporter, sha256 from intermediate.shown_receipts)"
            " select findings.sha256, findings.reporter, findings.rule, findings.severity, findings.sheet,"
            " findings.cell, findings.found, findings.expected, min(findings.file) as file,"
            " min(findings.remedy) as remedy"
            " from raw.findings as findings inner join files on findings.quarter = files.quarter"
            " and findings.sha256 = files.sha256 and files.reporter = coalesce(findings.reporter, files.reporter)"
            " where findings.quarter = ? and files.reporter = ? and findings.severity = ?"
            " group by findings.sha256, findings.reporter, findings.rule, findings.severity, findings.sheet,"
            " findings.cell, findings.found, findings.expected",
            asking.parameter, severity,
        )  # fmt: skip
        status = asking.records.one("marts.submission_status", reporter=asking.parameter)
        if status is None:
            raise asking.unknown([row["reporter"] for row in asking.records.rows("marts.submission_status")])
        items = [_item(row, is_shown=status["state"] == "accepted") for row in _sorted(rows, "sheet", "cell", "rule")]
        unit = _SEVERITIES[severity]
        words = f"số {unit} trong báo cáo của {status['reporter_name']}"
        return count_of(asking, words.capitalize(), items, unit, words, table="marts.submission_status")

    return build


DOUBTS: dict[str, tuple[str, Count]] = {
    "findings": ("số phát hiện trong biểu: error, warn hoặc mã quy tắc", _findings),
    "checks": ("số dòng trái một quy tắc kiểm tra", _checks),
    "errors": ("số lỗi trong báo cáo của một đơn vị", _of_reporter("error")),
    "warns": ("số cảnh báo trong báo cáo của một đơn vị", _of_reporter("warn")),
    "unusable_files": ("số tệp không dùng được, hoặc số lỗi của một tệp như vậy", _unusable_files),
}
