"""What the briefing says of its own sources: who did not send, what cannot be used, what is to be verified."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.briefing.facts.figure import Fact, FactBook, counted_as, exact, listed, worded
from pipeline.briefing.facts.marts import Marts, Row
from pipeline.vietnamese import number, short_date

FINDINGS_SHOWN = 120  # rows per table; the rest is counted, so that one bad file cannot fill the document
_EXPECTED_LENGTH = 60  # longer expectations (lists of form titles) are left to the feedback to the sender
_PLACE = re.compile(r"(\S+) (.+)!([A-Z]{1,3}\d+)")  # measure or indicator, sheet, cell
_SERIES = {"actual": "(thực hiện)", "in_period": "(trong kỳ)", "plan": "(kế hoạch)", "last_year": "(cùng kỳ năm trước)"}
_SEVERITY = {"error": "lỗi", "warn": "cần xác minh"}


@dataclass(frozen=True)
class Reporter:
    """One unit's submission: name, what is to be said of it, and its dates as printed."""

    name: str
    kind: str
    remarks: tuple[str, ...]
    received_on: str

    @property
    def running_name(self) -> str:
        """The name inside a sentence: 'huyện Ba Vì', but 'Sở Y tế'."""
        return self.name[:1].lower() + self.name[1:] if self.kind == "area" else self.name


@dataclass(frozen=True)
class Submissions:
    received: Fact
    expected_areas: Fact
    missing: tuple[Reporter, ...]
    rejected: tuple[Reporter, ...]
    late: tuple[Reporter, ...]
    noted: tuple[Reporter, ...]  # every unit of which something is to be said, in order
    due_on: str
    unusable: tuple[UnusableFile, ...]
    unusable_count: Fact
    unregistered: tuple[str, ...]  # file names
    unregistered_count: Fact


@dataclass(frozen=True)
class Doubt:
    """One figure to verify: whose, where or what, found and expected, and what to do.

    place is (reporter, sheet, cell), None where the doubt is of no single cell.
    """

    who: str
    subject: str
    found: str
    expected: str
    remedy: str
    place: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class DoubtTable:
    """The doubts of one check; left_out counts those beyond the printed ones (all are in the warehouse).

    told_elsewhere: some of the rows are findings of the intake too and stand in that table only.
    """

    title: str
    severity: str
    rows: tuple[Doubt, ...]
    total: Fact
    left_out: Fact
    told_elsewhere: bool = False


@dataclass(frozen=True)
class UnusableFile:
    """A file of which nothing could be used; its name is what the sender gave it, never its contents."""

    file: str
    reason: str
    remedy: str


def submission_facts(marts: Marts, book: FactBook) -> Submissions:
    """Who sent, who did not, who was late, corrected or refused."""
    rows = marts.of_quarter("marts.submission_status", "sort, reporter")
    made = [(row, _reporter(row, book)) for row in rows]
    accepted = [row for row in rows if row["state"] == "accepted"]
    areas = [row for row in rows if row["reporter_kind"] == "area"]
    unusable = _unusable_files(marts, book)
    unregistered = tuple(row["file"] for row in marts.of_quarter("raw.receipts", "seq") if not row["is_registered"])
    return Submissions(
        received=book.part(
            "submissions.received", len(accepted), len(rows), "đơn vị", counted_as("reporters_received")
        ),
        expected_areas=book.part("submissions.areas_received", sum(row["state"] == "accepted" for row in areas),
                                 len(areas), origin=counted_as("areas_received")),
        missing=tuple(one for row, one in made if row["state"] == "missing"),
        rejected=tuple(one for row, one in made if row["state"] in ("rejected", "locked")),
        late=tuple(one for row, one in made if row["is_late"] and row["state"] != "missing"),
        noted=tuple(one for _, one in made if one.remarks),
        due_on=short_date(rows[0]["due_on"]) if rows and rows[0]["due_on"] else "",
        unusable=unusable, unusable_count=book.few(
            "submissions.unusable_files", len(unusable), "tệp", counted_as("unusable_files")
        ),
        unregistered=unregistered, unregistered_count=book.few(
            "submissions.unregistered", len(unregistered), "tệp", counted_as("unregistered_files")
        ),
    )  # fmt: skip


def _unusable_files(marts: Marts, book: FactBook) -> tuple[UnusableFile, ...]:
    """Files without any accepted form, with why; what is wrong in single cells is only counted."""
    findings = marts.select(
        "select findings.* from raw.findings as findings where findings.quarter = ? and findings.severity = 'error'"
        " and not exists (select 1 from raw.submissions as used where used.quarter = findings.quarter"
        " and used.sha256 = findings.sha256 and used.is_accepted)"
        " order by findings.file, findings.sha256, findings.sheet, findings.cell, findings.rule, findings.found",
        marts.quarter,
    )
    refused = marts.select(
        "select file, sha256 from raw.submissions where quarter = ? and not is_accepted and not exists (select 1"
        " from raw.submissions as used where used.quarter = submissions.quarter and used.sha256 = submissions.sha256"
        " and used.is_accepted)",
        marts.quarter,
    )
    held: dict[tuple[str, str], list[Row]] = {(row["file"], row["sha256"]): [] for row in refused}
    for row in findings:
        held.setdefault((row["file"], row["sha256"]), []).append(row)
    made = []
    for place, ((file, _), rows) in enumerate(sorted(held.items()), 1):
        whole, in_cells = [row for row in rows if not row["cell"]], [row for row in rows if row["cell"]]
        reasons = list(dict.fromkeys(_reason(row) for row in whole))
        if in_cells:
            origin = counted_as(f"unusable_files.{place:03}")
            errors = book.few(f"submissions.unusable_{place:03}.errors", len(in_cells), "lỗi", origin)
            reasons.append(worded("{} trong biểu", errors))
        remedies = dict.fromkeys(row["remedy"].rstrip(".") for row in whole or in_cells if row["remedy"])
        made.append(UnusableFile(file, listed(reasons) or "không có biểu dùng được", ". ".join(remedies)))
    return tuple(made)


def _reason(row: Row) -> str:
    """What was found of a whole file, and what should have been where that is short."""
    expected = row["expected"] or ""
    return f"{row['found']} (cần: {expected})" if 0 < len(expected) <= _EXPECTED_LENGTH else row["found"] or row["rule"]


def _reporter(row: Row, book: FactBook) -> Reporter:
    remarks = []
    if row["state"] == "missing":
        remarks.append("chưa gửi báo cáo")
    if row["state"] == "rejected":
        errors = book.count(
            f"submissions.{row['reporter']}.errors", row["errors"], "lỗi", counted_as(f"errors.{row['reporter']}")
        )
        remarks.append(worded("báo cáo gửi lên chưa dùng được ({}), đề nghị sửa và gửi lại", errors))
    if row["state"] == "locked":
        remarks.append("báo cáo nhận sau ngày khóa số liệu, không tính")
    if row["is_late"] and row["state"] != "missing":
        late = book.count(
            f"submissions.{row['reporter']}.days_late", row["days_late"], "ngày",
            counted_as(f"days_late.{row['reporter']}"),
        )  # fmt: skip
        remarks.append(worded("gửi chậm {}", late))
    if row["is_corrected"]:
        remarks.append("đã gửi lại số liệu, dùng bản mới nhất được chấp nhận")
    if row["has_rejected_newer"]:
        remarks.append("bản gửi sau không dùng được, đang dùng bản trước đó")
    if row["has_locked_newer"]:
        remarks.append("bản gửi sau ngày khóa số liệu không tính, đang dùng bản trước đó")
    if row["state"] != "missing" and not row["is_registered"]:
        remarks.append("tệp chưa vào sổ")
    return Reporter(
        name=row["reporter_name"], kind=row["reporter_kind"], remarks=tuple(remarks),
        received_on=short_date(row["received_on"]) if row["received_on"] else "",
    )  # fmt: skip


def reporter_names(marts: Marts) -> dict[str, str]:
    """Areas and agencies by code; a commune with its district, since commune names repeat."""
    areas = {row["code"]: row for row in marts.all_rows("raw.areas", "code")}
    names = {}
    for code, row in areas.items():
        above = areas.get(row["parent_code"] or "")
        names[code] = row["full_name"] or row["name"]
        if row["level"] == "commune" and above is not None:
            names[code] += f" ({above['name']})"
    return names | {row["code"]: row["name"] for row in marts.all_rows("raw.owners", "code")}


def finding_facts(marts: Marts, book: FactBook, names: dict[str, str]) -> list[DoubtTable]:
    """Errors and warnings that intake found in the submissions in use, one table per severity."""
    if not marts.has("raw.findings"):
        return []
    rows = marts.select(
        "select findings.* from raw.findings as findings where findings.quarter = ?"
        " and findings.severity in ('error', 'warn') and exists (select 1 from staging.forms_in_force as used"
        " where used.quarter = findings.quarter and used.sha256 = findings.sha256)"
        " order by findings.severity, findings.reporter, findings.sheet, findings.cell, findings.rule, findings.found",
        marts.quarter,
    )
    tables = []
    for severity, title in (("error", "Phát hiện trong biểu đã nhận"), ("warn", "Phát hiện trong biểu đã nhận")):
        held = [row for row in rows if row["severity"] == severity]
        if held:
            doubts = [
                Doubt(names.get(row["reporter"]) or row["file"], _place(row), row["found"] or "", row["expected"] or "",
                      row["remedy"] or "", (row["reporter"] or "", row["sheet"] or "", row["cell"] or ""))
                for row in held
            ]  # fmt: skip
            tables.append(_table(
                book, f"doubts.intake_{severity}", title, _SEVERITY[severity], doubts, f"findings.{severity}"
            ))  # fmt: skip
    return tables


def check_facts(
    marts: Marts, book: FactBook, names: dict[str, str], sql_folder: Path, findings: list[DoubtTable]
) -> list[DoubtTable]:
    """The offending rows of every check of the models, titled as sql/checks/<name>.sql says.

    A cell that the printed `findings` tell already is not told again: there the sender's remedy stands beside it.
    """
    subjects, told = _subject_names(marts), {doubt.place for table in findings for doubt in table.rows}
    tables = []
    for name in sorted(table for schema, table in marts.tables if schema == "checks"):
        rows = marts.of_quarter(f"checks.{name}", "area_code, subject, found, expected")
        title, severity, is_rate = _check_heading(sql_folder / "checks" / f"{name}.sql")
        doubts = [
            Doubt(names.get(row["area_code"]) or row["area_code"] or "",
                  names.get(row["subject"]) or _spelt(row["subject"] or "", subjects),
                  _said(row["found"], is_rate), _said(row["expected"], is_rate), "",
                  _cell_of(row["area_code"] or "", row["subject"] or ""))
            for row in rows
        ]  # fmt: skip
        if all(doubt.place in told for doubt in doubts):
            continue
        table = _table(
            book, f"doubts.{name}", title or name, _SEVERITY.get(severity, severity), doubts, f"checks.{name}"
        )
        new = tuple(doubt for doubt in table.rows if doubt.place not in told)
        tables.append(replace(table, rows=new, told_elsewhere=len(new) < len(table.rows)))
    return [table for table in tables if table.rows]


def _cell_of(area: str, subject: str) -> tuple[str, str, str] | None:
    """Where the subject of a check says so ('poor_households Biểu 02!E3'): the area, the sheet, the cell."""
    place = _PLACE.fullmatch(subject)
    return (area, place[2], place[3]) if place else None


def _subject_names(marts: Marts) -> dict[str, str]:
    """Codes that checks name, in words: flows, measures, indicators, the columns of a form."""
    found = {row["flow"]: row["flow_print"] for row in marts.all_rows("staging.poverty_movements", "sort")}
    found |= {row["code"]: row["name_vi"] for row in marts.all_rows("raw.measures", "code")}
    found |= {row["indicator_code"]: row["short_name"] for row in marts.of_quarter("marts.indicator_progress", "sort")}
    return found | _SERIES


def _spelt(text: str, names: dict[str, str]) -> str:
    """A subject ('poor_households actual', 'poor_households Biểu 02!E3') with every code in it spelt out."""
    if place := _PLACE.fullmatch(text):
        return f"{names.get(place[1], place[1])}, {place[2]}, ô {place[3]}"
    return re.sub(r"[A-Za-z][\w.]*", lambda code: names.get(code[0], code[0]), text, flags=re.ASCII)


def _place(row: Row) -> str:
    where = ", ".join(filter(None, (row["sheet"], f"ô {row['cell']}" if row["cell"] else "")))
    return f"{where} ({row['file']})" if where else row["file"]


def _said(value: object, is_rate: bool) -> str:
    """A found or expected value in print: numbers in Vietnamese, rates with their sign, text as it is."""
    if value is None:
        return ""
    try:
        amount = exact(value)
    except ArithmeticError:
        return str(value)
    if amount is None or not amount.is_finite():
        return str(value)
    return f"{number(amount, 2)}%" if is_rate else number(amount, 4)


def _table(book: FactBook, key: str, title: str, severity: str, doubts: list[Doubt], subject: str) -> DoubtTable:
    shown = tuple(doubts[:FINDINGS_SHOWN])
    return DoubtTable(
        title, severity, shown,
        total=book.few(f"{key}.total", len(doubts), "trường hợp", counted_as(subject)),
        left_out=book.few(
            f"{key}.left_out", len(doubts) - len(shown), "trường hợp", counted_as(f"{subject}.beyond_{FINDINGS_SHOWN}")
        ),
    )  # fmt: skip


def _check_heading(path: Path) -> tuple[str, str, bool]:
    """title_vi, severity and whether its figures are rates of a check, from the comment at its head."""
    found = {"title_vi": "", "severity": "warn", "units": ""}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, separator, text = line.removeprefix("--").strip().partition(":")
            if line.startswith("--") and separator and name in found:
                found[name] = text.strip()
    return found["title_vi"], found["severity"], found["units"].endswith("in %")
