"""The commands that make something: receive, refresh, briefing, run, issue, ui."""

from __future__ import annotations

import logging
import shutil
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import (
    Areas,
    AsOf,
    Home,
    ProgrammeName,
    QuarterName,
    asked_areas,
    day,
    find,
    quarter_of_term,
    submitted_quarter,
)
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.programme import Programme
    from pipeline.quarters import Quarter


class Edition(StrEnum):
    FULL = "full"
    PUBLIC = "public"


def briefing(
    programme: ProgrammeName,
    quarter: QuarterName,
    as_of: AsOf = None,
    areas: Areas = "all",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Chép kết quả vào thư mục này.")] = None,
    edition: Annotated[
        Edition, typer.Option("--edition", help="full: đầy đủ; public: bản công bố, không có số nhỏ và phần nội bộ.")
    ] = Edition.FULL,
    home: Home = Path(),
) -> None:
    """Làm báo cáo tóm tắt của một quý: đọc báo cáo gửi lên, tính toán, in PDF."""
    found = find(home, programme)
    asked = submitted_quarter(found, quarter)
    pages = asked_areas(found, asked, areas)
    if not as_of and edition is Edition.FULL and _print_unchanged(found, asked, out, pages):
        return
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, print_letters, print_made, print_submissions, progress

    with Runner(found, day(as_of) if as_of else None) as runner:
        with progress():
            folder = runner.briefing(asked, out, edition.value, pages)
        made = "báo cáo tóm tắt" if edition is Edition.FULL else "bản công bố của báo cáo tóm tắt"
        print(f"Đã làm xong {made} {asked.title} của {found.short_title}:")
        letters = folder / "feedback" if as_of else runner.feedback_folder(asked)
        print_made(folder, without=letters)
        with runner.reading() as connection:
            print_submissions(connection, found, asked)
        print_doubts(runner.doubts)
        print_letters(letters)


def _print_unchanged(programme: Programme, quarter: Quarter, out: Path | None, areas: tuple[str, ...] | None) -> bool:
    """Show the briefing that is there, if all it was made from is still the same; before anything slow is imported."""
    from pipeline.briefing.provenance import is_up_to_date
    from pipeline.warehouse import changed_quarters, open_for_reading, warehouse_file

    build = programme.home / "build" / programme.id
    folder = build / str(quarter)
    if not warehouse_file(build).is_file() or not is_up_to_date(programme, quarter, folder, areas):
        return False
    if any(earlier <= quarter for earlier in changed_quarters(programme)):
        return False  # a run that died before it printed left tables of other files behind
    from pipeline.terminal import print_letters, print_made, print_submissions

    if out:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    print(f"Không có gì thay đổi kể từ khi làm báo cáo tóm tắt {quarter.title} của {programme.short_title}:")
    print_made(out or folder)
    with open_for_reading(programme.home, programme.id) as connection:
        print_submissions(connection, programme, quarter)
    print_letters(build / "feedback" / str(quarter))
    return True


def refresh(programme: ProgrammeName, quarter: QuarterName, home: Home = Path()) -> None:
    """Đọc báo cáo gửi lên của một quý, tính lại mọi bảng và kiểm tra; không in báo cáo."""
    found = find(home, programme)
    asked = submitted_quarter(found, quarter)
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, print_letters, print_submissions, progress

    with Runner(found) as runner:
        with progress():
            read = runner.refresh(asked)
        print(f"Đã đọc {', '.join(q.title for q in read)} và tính lại mọi bảng của {found.short_title}.")
        with runner.reading() as connection:
            print_submissions(connection, found, asked)
        print_doubts(runner.doubts)
        print_letters(runner.feedback_folder(asked))
    print(f"Kho số liệu: {found.home / 'build' / found.id / 'warehouse.duckdb'}")


def receive(
    programme: ProgrammeName,
    quarter: QuarterName,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Tệp nhận được; bỏ trống: những tệp đang nằm trong thư mục của quý."),
    ] = None,
    sent_by: Annotated[str | None, typer.Option("--from", metavar="REPORTER", help="Mã đơn vị gửi.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Ngày nhận; mặc định hôm nay.")] = None,
    home: Home = Path(),
) -> None:
    """Vào sổ các tệp nhận được cho một quý."""
    found = find(home, programme)
    asked = quarter_of_term(found, quarter)
    from pipeline.intake import receive as register
    from pipeline.terminal import print_arrivals

    received_on = day(on) if on else date.today()
    if received_on > date.today():
        raise UsageError(f"Ngày nhận {received_on:%d/%m/%Y} ở tương lai. Đề nghị kiểm tra lại --on.")
    arrivals = register(found, asked, files or [], sent_by, received_on)
    print_arrivals(found, asked, arrivals)
    if any(arrival.receipt is None and arrival.findings for arrival in arrivals):
        raise typer.Exit(1)


def issue(
    programme: ProgrammeName,
    quarter: QuarterName,
    number: Annotated[str, typer.Option("--number", metavar="N", help="Số, ký hiệu văn bản, ví dụ 05/BC-SLĐTBXH.")],
    on: Annotated[str, typer.Option("--date", metavar="D", help="Ngày ban hành, ví dụ 2024-01-15.")],
    home: Home = Path(),
) -> None:
    """In bản ban hành có số, ngày của báo cáo đã làm và ghi vào hồ sơ; đính chính thì ban hành với số khác."""
    found = find(home, programme)
    asked = submitted_quarter(found, quarter)
    from pipeline.briefing.issuing import issue_briefing
    from pipeline.currency import published_tables
    from pipeline.models import read_sql_files
    from pipeline.steps import raw_tables
    from pipeline.terminal import progress
    from pipeline.vietnamese import short_date

    tell = logging.getLogger("giaoban").warning
    with progress(), published_tables(found, asked, read_sql_files(raw_tables())) as tables:
        path, issued = issue_briefing(found, asked, number, day(on), tables.connection, tables.confirm, tell)
    print(f"Đã ban hành báo cáo {asked.title}, số {issued.number} ngày {short_date(issued.issued_on)}:")
    print(f"  {path.with_suffix('.pdf')}")
    print(f"  {path}  ({len(issued.figures)} con số)")
    print(f"Thư mục {found.home / 'build' / found.id / str(asked)} nay là bản ban hành. Ký số trên tệp PDF này.")


def run(
    programme: ProgrammeName,
    selection: Annotated[
        str, typer.Argument(metavar="SELECTION", help="Ví dụ marts/poverty_rates, +marts/indicator_progress.")
    ],
    quarter: Annotated[str | None, typer.Option("--quarter", metavar="Q", help="Quý, khi có bước cần.")] = None,
    home: Home = Path(),
) -> None:
    """Tính lại đúng những bảng được chọn, không động đến bảng khác."""
    found = find(home, programme)
    asked = submitted_quarter(found, quarter) if quarter else None
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, progress

    with Runner(found) as runner:
        with progress():
            names = runner.run(selection, asked)
        print(f"Đã tính lại {len(names)} bảng: {', '.join(names)}.")
        print_doubts(runner.doubts)


def ui(port: Annotated[int, typer.Option("--port", help="Cổng trên máy này.")] = 3000, home: Home = Path()) -> None:
    """Mở giao diện web (chỉ trên máy này) cùng bộ hẹn giờ."""
    import os

    from pipeline.run_record import dagster_home

    folder = dagster_home(home)
    code = Path(__file__).resolve().parents[2]
    environment = os.environ | {"GIAOBAN_HOME": str(home.resolve()), "DAGSTER_HOME": str(folder)}
    print(f"Giao diện: http://127.0.0.1:{port}   (Ctrl+C để dừng)", file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "-m", "pipeline.definitions", "-d", str(code)]
    command += ["-h", "127.0.0.1", "-p", str(port), "--log-level", "warning"]
    os.execve(sys.executable, command, environment)  # in our place: who stops this process stops all of it
