"""What the command line shows: progress on stderr while it works, plain summaries on stdout at the end."""

from __future__ import annotations

import csv
import json
import logging
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from pipeline.vietnamese import number, short_date

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.intake.register import Arrival
    from pipeline.programme import Programme
    from pipeline.quarters import Quarter
    from pipeline.warehouse.outcome import Doubt

STATES = {"accepted": "đã nhận", "rejected": "trả lại", "locked": "sau ngày khóa số liệu", "missing": "chưa gửi"}
PIPED_WIDTH = 160
NAMES_SHOWN = 12


@contextmanager
def progress() -> Iterator[None]:
    """Show the log of `giaoban` as one moving line (steps stay, the files within a step pass by)."""
    console = Console(stderr=True)
    with console.status("Đang chuẩn bị …") as moving:

        class Shown(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                message = record.getMessage()
                if record.levelno >= logging.WARNING or (record.levelno >= logging.INFO and console.is_terminal):
                    console.print(message, style="yellow" if record.levelno >= logging.WARNING else "dim", markup=False)
                moving.update(message.replace("[", r"\["))

        logger, handler = logging.getLogger("giaoban"), Shown()
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)


def submissions(connection: DuckDBPyConnection, quarter: Quarter) -> list[dict[str, Any]]:
    """The rows of marts.submission_status of a quarter, in its order."""
    result = connection.execute(
        "select * from marts.submission_status where quarter = ? order by sort, reporter", [str(quarter)]
    )
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def print_submissions(connection: DuckDBPyConnection, programme: Programme, quarter: Quarter) -> None:
    """How many reported, and by name who did not, was refused, or was late."""
    rows = submissions(connection, quarter)
    for kind, noun in (("area", programme.document.area_term), ("agency", "sở, ngành")):
        of_kind = [row for row in rows if row["reporter_kind"] == kind]
        if of_kind:
            accepted = sum(row["state"] == "accepted" for row in of_kind)
            print(f"Báo cáo đã nhận: {accepted}/{len(of_kind)} {noun}.")
    for title, chosen in (
        ("Chưa có báo cáo", [row for row in rows if row["state"] == "missing"]),
        ("Báo cáo bị trả lại", [row for row in rows if row["state"] == "rejected"]),
        ("Nhận sau ngày khóa số liệu, không tính", [row for row in rows if row["state"] == "locked"]),
        ("Gửi muộn", [row for row in rows if row["state"] == "accepted" and row["is_late"]]),
        ("Bản gửi sau bị trả lại, đang dùng bản trước", [row for row in rows if row["has_rejected_newer"]]),
        ("Bản gửi sau ngày khóa số liệu, đang dùng bản trước", [row for row in rows if row["has_locked_newer"]]),
        ("Chưa vào sổ", [row for row in rows if row["state"] != "missing" and not row["is_registered"]]),
    ):
        if chosen:
            print(f"{title}: {', '.join(row['reporter_name'] for row in chosen)}.")
    unusable = unusable_files(connection, quarter)
    if unusable:
        print(f"Tệp không sử dụng được ({len(unusable)}), các đơn vị khác không bị ảnh hưởng:")
        for file, found, remedy in unusable:
            print(f"  {_printable(file)}: {_printable(found)}. {remedy}")


def print_made(folder: Path, without: Path | None = None) -> None:
    """The files of a finished set, each with its size; those of a folder in it together, and none of `without`."""
    for path in sorted(path for path in folder.iterdir() if path != without):
        files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
        if files:
            count = "" if path.is_file() else f"{len(files)} tệp, "
            print(f"  {path}  ({count}{number(sum(one.stat().st_size for one in files) // 1024 + 1)} KB)")


def print_arrivals(programme: Programme, quarter: Quarter, arrivals: Sequence[Arrival]) -> None:
    """What went into the register, from whom, and what its sender should be told at once."""
    registered = [arrival for arrival in arrivals if arrival.receipt]
    if not registered:
        print(f"Không có tệp nào mới để vào sổ của {quarter.title}.")
    else:
        print(f"Đã vào sổ {len(registered)} tệp của {quarter.title}, lưu tại {programme.submissions_folder(quarter)}:")
    for arrival in arrivals:
        receipt = arrival.receipt
        if receipt:
            sender = programme.reporter_name(receipt.sent_by) if receipt.sent_by else "chưa rõ đơn vị gửi"
            print(f"  {receipt.seq:>3}  {_printable(receipt.file)}  ({sender})")
        else:
            reason = "KHÔNG nhận" if arrival.findings else "đã có trong sổ"
            print(f"    -  {_printable(arrival.file)}: {reason}")
        for finding in arrival.findings:
            place = f"{finding.sheet}!{finding.cell}".strip("!")
            where = f"{_printable(place)}: " if place else ""
            print(f"       {where}{_printable(finding.found)}; cần: {finding.expected}. {finding.remedy}")


def unusable_files(connection: DuckDBPyConnection, quarter: Quarter) -> list[tuple[str, str, str]]:
    """File, cause and remedy of each file of which nothing could be used, by its first error."""
    return connection.execute(
        "select findings.file, min_by(findings.found, findings.rule), min_by(findings.remedy, findings.rule)"
        " from raw.findings as findings left join raw.submissions as submissions"
        " on findings.quarter = submissions.quarter and findings.sha256 = submissions.sha256"
        " and findings.file = submissions.file"
        " where findings.quarter = ? and findings.severity = 'error' and not coalesce(submissions.is_accepted, false)"
        " group by findings.file order by findings.file",
        [str(quarter)],
    ).fetchall()


def print_doubts(doubts: Sequence[Doubt]) -> None:
    """The rules that some figures break; the briefing prints those figures with a note."""
    if doubts:
        print("Cần kiểm tra thêm (vẫn tính, có ghi chú trong báo cáo):")
        for doubt in doubts:
            print(f"  {doubt.title}  [{doubt.rows} trường hợp]")


def print_letters(folder: Path) -> None:
    """Where the letters to the senders are, and who of them has to send again."""
    from pipeline.feedback.summary import summary_of

    written = summary_of(folder)
    if written is None or not written.senders:
        return
    print(f"Thư phản hồi {written.senders} đơn vị: {folder}")
    if written.must_resend:
        shown = ", ".join(_printable(name) for name in written.must_resend[:NAMES_SHOWN])
        more = len(written.must_resend) - NAMES_SHOWN
        others = f" và {more} đơn vị khác" if more > 0 else ""
        print(f"Cần sửa và gửi lại ({len(written.must_resend)}): {shown}{others}.")
    else:
        print("Không đơn vị nào phải gửi lại.")


def print_status(connection: DuckDBPyConnection, programme: Programme, quarter: Quarter) -> None:
    """One line per reporter, then a text to send to each that has not reported."""
    rows = submissions(connection, quarter)
    table = Table("Đơn vị", "Tình trạng", "Ngày nhận", "Số lần gửi", "Lỗi", "Cảnh báo", "Tệp", box=None)
    for row in rows:
        notes = [STATES[row["state"]]]
        notes += ["muộn"] if row["is_late"] else []
        notes += ["đã sửa"] if row["is_corrected"] else []
        notes += ["bản sau bị trả lại"] if row["has_rejected_newer"] else []
        notes += ["bản sau ngày khóa số liệu"] if row["has_locked_newer"] else []
        received = short_date(row["received_on"]) if row["received_on"] else ""
        counts = (str(row[column]) if row["state"] != "missing" else "" for column in ("receipts", "errors", "warns"))
        table.add_row(row["reporter_name"], ", ".join(notes), received, *counts, row["file"] or "")
    print(f"Tình hình gửi báo cáo {quarter.title}, {programme.short_title}")
    print_table(table)
    print_submissions(connection, programme, quarter)
    for row in rows:
        if row["state"] != "accepted":
            _print_reminder(programme, quarter, row["reporter_name"])


def print_nothing_sent(programme: Programme, quarter: Quarter) -> None:
    """Who is expected to report a quarter for which no file came yet, each with its reminder."""
    names = [programme.reporter_name(code) for code in programme.expected_reporters(quarter)]
    print(f"Tình hình gửi báo cáo {quarter.title}, {programme.short_title}")
    print(f"Chưa nhận được tệp nào; có {len(names)} đơn vị phải báo cáo.")
    for name in names:
        _print_reminder(programme, quarter, name)


def _print_reminder(programme: Programme, quarter: Quarter, name: str) -> None:
    print(
        f"Đôn đốc: Đề nghị {name} gửi báo cáo {quarter.title} thực hiện {programme.short_title}; "
        f"thời hạn gửi là ngày {short_date(programme.due_on(quarter))}."
    )


def print_figures(rows: Sequence[Mapping[str, Any]], form: str, is_single: bool) -> None:
    """Figures as a table, CSV, or JSON (one object where exactly one figure was asked for)."""
    if form == "json":
        answer = rows[0] if is_single and len(rows) == 1 else list(rows)
        print(json.dumps(answer, ensure_ascii=False, indent=2, default=_plain))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {key: _plain(cell) if isinstance(cell, Decimal) else cell for key, cell in row.items()} for row in rows
        )
    else:
        table = Table("Chỉ tiêu", "Địa bàn", "Giá trị", "Tử số", "Mẫu số", "Đầy đủ", "Đánh giá", "Nguồn", box=None)
        columns = ("indicator", "area", "printed", "numerator", "denominator", "coverage", "status", "basis")
        for row in rows:
            cells = (_plain(row[column]) if isinstance(row[column], Decimal) else row[column] for column in columns)
            table.add_row(*("" if cell is None else str(cell) for cell in cells))
        print_table(table)


def tell_if_changed(programme: Programme, quarter: Quarter) -> None:
    """Warn that what is shown is older than the files: they changed since the last refresh."""
    from pipeline.warehouse import quarter_fingerprint, taken_in

    known = taken_in(programme.home / "build" / programme.id)
    if known.get(str(quarter)) != quarter_fingerprint(programme, quarter):
        print(
            f"Lưu ý: tệp hoặc khai báo của {quarter.title} đã thay đổi sau lần tính gần nhất; "
            f"đề nghị chạy: giaoban refresh {programme.id} {quarter}",
            file=sys.stderr,
        )


def keep_trace() -> Path:
    """Where the traceback of an unexpected error went; users never see it on screen."""
    with tempfile.NamedTemporaryFile("w", prefix="giaoban-", suffix=".log", encoding="utf-8", delete=False) as log:
        log.write(traceback.format_exc())
    return Path(log.name)


def print_table(table: Table) -> None:
    """A table as wide as the terminal, or as wide as needed where the output goes elsewhere."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(table, markup=False)


def _printable(text: str) -> str:
    """Sent text without control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _plain(value: Any) -> Any:
    """A decimal as the number it is, a date as ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
