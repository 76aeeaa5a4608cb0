"""The command line: arguments, progress on stderr, a plain summary on stdout; everything else is imported late."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import rich_utils

from pipeline.errors import GiaobanError, UsageError

if TYPE_CHECKING:
    from pipeline.programme import Programme
    from pipeline.quarters import Quarter

app = typer.Typer(
    name="giaoban",
    help="Từ bảng tính các đơn vị gửi đến báo cáo tóm tắt phục vụ hội nghị giao ban quý.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
rich_utils.DEFAULT_STRING = "[mặc định: {}]"
rich_utils.RICH_HELP = "Gõ [blue]'{command_path} {help_option}'[/] để xem hướng dẫn."


def day(text: str) -> date:
    """`2024-01-12` or `12/01/2024`; UsageError for anything else."""
    parts = text.strip().split("/")
    try:
        return date.fromisoformat("-".join(reversed(parts)) if len(parts) == 3 else text.strip())
    except ValueError:
        raise UsageError(f"Không hiểu ngày '{text}'. Viết dạng 2024-01-12 hoặc 12/01/2024.") from None


ProgrammeName = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Chương trình, viết tắt được: hanoi.")]
QuarterName = Annotated[str, typer.Argument(metavar="QUARTER", help="Quý: 2023-Q4, 2023Q4 hoặc IV/2023.")]
Home = Annotated[
    Path,
    typer.Option("--home", envvar="GIAOBAN_HOME", metavar="DIR", help="Thư mục chứa raw/ và build/."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Chỉ tính những gì đã có đến ngày này; không công bố gì."),
]


def _find(home: Path, programme: str) -> Programme:
    from pipeline.programme import find_programme

    if not (home / "raw").is_dir():
        raise UsageError(f"Không có thư mục {home / 'raw'}. Đề nghị chỉ đúng thư mục bằng --home hoặc GIAOBAN_HOME.")
    return find_programme(home.resolve(), programme)


def _quarter(programme: Programme, text: str) -> Quarter:
    """A quarter of the programme's term that has submissions; UsageError lists those that do."""
    from pipeline.quarters import Quarter

    submitted = programme.submitted_quarters()
    listing = ", ".join(map(str, submitted)) or "chưa có quý nào"
    try:
        quarter = Quarter.parse(text)
    except UsageError as error:
        raise UsageError(f"{error} Các quý đã có báo cáo: {listing}.") from None
    if quarter not in submitted:
        raise UsageError(
            f"{quarter.title[0].upper()}{quarter.title[1:]} chưa có báo cáo. Các quý đã có báo cáo: {listing}."
        )
    return quarter


@app.command()
def briefing(
    programme: ProgrammeName,
    quarter: QuarterName,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Chép kết quả vào thư mục này.")] = None,
    home: Home = Path(),
) -> None:
    """Làm báo cáo tóm tắt của một quý: đọc báo cáo gửi lên, tính toán, in PDF."""
    found = _find(home, programme)
    asked = _quarter(found, quarter)
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, print_submissions, progress
    from pipeline.vietnamese import number

    with Runner(found, day(as_of) if as_of else None) as runner:
        with progress():
            folder = runner.briefing(asked, out)
        print(f"Đã làm xong báo cáo tóm tắt {asked.title} của {found.short_title}:")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            print(f"  {path}  ({number(path.stat().st_size // 1024 + 1)} KB)")
        with runner.reading() as connection:
            print_submissions(connection, found, asked)
        print_doubts(runner.doubts)


@app.command()
def refresh(programme: ProgrammeName, quarter: QuarterName, home: Home = Path()) -> None:
    """Đọc báo cáo gửi lên của một quý, tính lại mọi bảng và kiểm tra; không in báo cáo."""
    found = _find(home, programme)
    asked = _quarter(found, quarter)
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, print_submissions, progress

    with Runner(found) as runner:
        with progress():
            read = runner.refresh(asked)
        print(f"Đã đọc {', '.join(q.title for q in read)} và tính lại mọi bảng của {found.short_title}.")
        with runner.reading() as connection:
            print_submissions(connection, found, asked)
        print_doubts(runner.doubts)
    print(f"Kho số liệu: {found.home / 'build' / found.id / 'warehouse.duckdb'}")


@app.command()
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
    found = _find(home, programme)
    from pipeline.intake import receive as register
    from pipeline.quarters import Quarter

    asked = Quarter.parse(quarter)
    if asked not in found.quarters:
        raise UsageError(f"{asked} nằm ngoài thời hạn: {found.quarters[0]} đến {found.quarters[-1]}.")
    receipts = register(found, asked, files or [], sent_by, day(on) if on else date.today())
    if not receipts:
        print(f"Không có tệp nào mới để vào sổ của {asked.title}.")
        return
    print(f"Đã vào sổ {len(receipts)} tệp của {asked.title}:")
    for receipt in receipts:
        print(f"  {receipt.seq:>3}  {receipt.file}")
    print(f"Nơi lưu: {found.submissions_folder(asked)}")


@app.command()
def status(programme: ProgrammeName, quarter: QuarterName, home: Home = Path()) -> None:
    """Đơn vị nào đã gửi báo cáo quý, gửi ngày nào, được nhận hay chưa."""
    found = _find(home, programme)
    asked = _quarter(found, quarter)
    from pipeline.terminal import print_status, tell_if_changed
    from pipeline.warehouse import open_for_reading

    with open_for_reading(found.home, found.id) as connection:
        print_status(connection, found, asked)
    tell_if_changed(found, asked)


@app.command()
def figures(
    programme: ProgrammeName,
    quarter: QuarterName,
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="C", help="Mã chỉ tiêu, ví dụ A01.")] = None,
    area: Annotated[str | None, typer.Option("--area", metavar="C", help="Mã địa bàn, hoặc city.")] = None,
    as_of: AsOf = None,
    form: Annotated[str, typer.Option("--format", metavar="table|csv|json", help="Dạng in ra.")] = "table",
    home: Home = Path(),
) -> None:
    """In các con số của một quý: giá trị, tử số, mẫu số, mức độ đầy đủ, đánh giá."""
    if form not in ("table", "csv", "json"):
        raise UsageError(f"Không có dạng '{form}'. Các dạng: table, csv, json.")
    found = _find(home, programme)
    asked = _quarter(found, quarter)
    from pipeline.terminal import print_figures, progress, tell_if_changed

    def answer(connection: Any) -> list[dict[str, Any]]:
        from pipeline.briefing.facts import figures as facts

        return facts(connection, found, asked, indicator, area)

    if as_of:
        from pipeline.runs import Runner

        with Runner(found, day(as_of)) as runner:
            with progress():
                runner.refresh(asked)
            with runner.reading() as connection:
                rows = answer(connection)
    else:
        from pipeline.warehouse import open_for_reading

        with open_for_reading(found.home, found.id) as connection:
            rows = answer(connection)
        tell_if_changed(found, asked)
    if not rows:
        raise UsageError(
            f"Không có con số nào cho chỉ tiêu '{indicator or 'mọi chỉ tiêu'}', địa bàn '{area or 'mọi địa bàn'}' "
            f"ở {asked.title}. Mã chỉ tiêu: {', '.join(i.code for i in found.indicators)}. "
            f"Địa bàn: city hoặc mã trong raw/{found.id}/areas.csv."
        )
    print_figures(rows, form, is_single=bool(indicator and area))


@app.command()
def run(
    programme: ProgrammeName,
    selection: Annotated[
        str, typer.Argument(metavar="SELECTION", help="Ví dụ marts/poverty_rates, +marts/indicator_progress.")
    ],
    quarter: Annotated[str | None, typer.Option("--quarter", metavar="Q", help="Quý, khi có bước cần.")] = None,
    home: Home = Path(),
) -> None:
    """Tính lại đúng những bảng được chọn, không động đến bảng khác."""
    found = _find(home, programme)
    asked = _quarter(found, quarter) if quarter else None
    from pipeline.runs import Runner
    from pipeline.terminal import print_doubts, progress

    with Runner(found) as runner:
        with progress():
            names = runner.run(selection, asked)
        print(f"Đã tính lại {len(names)} bảng: {', '.join(names)}.")
        print_doubts(runner.doubts)


@app.command()
def ui(port: Annotated[int, typer.Option("--port", help="Cổng trên máy này.")] = 3000, home: Home = Path()) -> None:
    """Mở giao diện web (chỉ trên máy này) cùng bộ hẹn giờ."""
    import os
    import subprocess

    from pipeline.runs import dagster_home

    folder = dagster_home(home)
    code = Path(__file__).resolve().parents[1]
    environment = os.environ | {"GIAOBAN_HOME": str(home.resolve()), "DAGSTER_HOME": str(folder)}
    print(f"Giao diện: http://127.0.0.1:{port}   (Ctrl+C để dừng)", file=sys.stderr)
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "-m", "pipeline.definitions", "-d", str(code)]
    command += ["-h", "127.0.0.1", "-p", str(port), "--log-level", "warning"]
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)


INTERRUPTED = 130
_USAGE = {
    "MissingParameter": "Thiếu tham số",
    "NoSuchOption": "Không có tùy chọn",
    "BadParameter": "Tham số không hợp lệ",
}


def main() -> None:
    """Exit codes: 0 done, 1 something must be mended, 2 wrong usage, 130 interrupted."""
    from typer.exceptions import TyperException

    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:
            print("Đã dừng theo yêu cầu; kho số liệu và báo cáo đã có được giữ nguyên.", file=sys.stderr)
    except UsageError as error:
        code = _tell(str(error), 2)
    except GiaobanError as error:
        code = _tell(str(error), 1)
    except TyperException as error:
        # the framework speaks English: keep the words it quotes, say the rest in Vietnamese
        words = ", ".join(re.findall(r"'[^']+'|--?\w[\w-]*", error.format_message()))
        phrase = _USAGE.get(type(error).__name__, "Lệnh viết chưa đúng ở")
        code = _tell(f"{phrase}: {words}. Gõ 'giaoban --help' để xem các lệnh.", 2) if error.message or words else 2
    except OSError as error:
        code = _tell(f"Không đọc hoặc ghi được tệp: {error}", 1)
    except Exception as error:
        from pipeline.terminal import keep_trace

        code = _tell(
            f"Lỗi ngoài dự kiến ({type(error).__name__}: {error}). Kho số liệu đã có được giữ nguyên.\n"
            f"Đề nghị gửi tệp {keep_trace()} cho người phụ trách kỹ thuật.",
            1,
        )
    sys.exit(code or 0)


def _tell(message: str, code: int) -> int:
    print(f"Lỗi: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
