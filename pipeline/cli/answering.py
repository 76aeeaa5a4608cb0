"""The command that answers a sender before anything is received: check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments import Home, find
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.checking import Checked
    from pipeline.quarters import Quarter

CHECKED = "kiem-tra"  # beside the letters of the quarters
_SEVERITIES = {"error": "Lỗi", "warn": "Xác minh", "info": "Lưu ý"}


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tệp cần kiểm tra; tệp không bị sửa.")],
    programme: Annotated[
        str | None, typer.Option("--programme", metavar="P", help="Chương trình; mặc định theo nơi đặt hoặc nội dung.")
    ] = None,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="Q", help="Quý; mặc định theo nơi đặt hoặc kỳ ghi ở đầu biểu.")
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="Dạng in ra.")] = "text",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Nơi ghi thư phản hồi, bản đánh dấu; mặc định trong build/ nếu có lỗi."
        ),
    ] = None,
    home: Home = Path(),
) -> None:
    """Kiểm tra tệp trước khi nhận: mã trả về 0 là không có lỗi, 1 là có lỗi phải sửa, 2 là gọi sai lệnh."""
    if form not in ("text", "json"):
        raise UsageError(f"Không có dạng '{form}'. Các dạng: text, json.")
    if absent := [str(file) for file in files if not file.is_file()]:
        raise UsageError(f"Không thấy tệp {', '.join(absent)}. Đề nghị kiểm tra lại đường dẫn.")
    results: list[Checked] = []
    for one in _checked(_grouped(home, files, programme, quarter), home):
        results.append(one)
        if form == "text":
            _print_checked(one)
    written = _write(results, out, home) if form == "text" or out is not None else []
    if form == "json":
        print(json.dumps([_record(one) for one in results], ensure_ascii=False, indent=1))
    else:
        _print_end(results, written)
    if any(one.answer.count("error") for one in results):
        raise typer.Exit(1)


def _checked(groups: dict[tuple[str, Quarter], list[Path]], home: Path) -> Iterator[Checked]:
    """Every file of every group; a worker gets ready before this process loads what it needs itself."""
    from pipeline.cli.ahead import readers as started

    with started() as readers, ThreadPoolExecutor(1) as waiting:
        for name, period in groups:
            waiting.submit(readers.warm, home.resolve(), name, period)
        from pipeline.checking import check_files, receipts_of

        jobs = []
        for (name, period), paths in groups.items():
            found = find(home, name)
            if period not in found.quarters:
                first, last = found.quarters[0], found.quarters[-1]
                raise UsageError(f"{period} nằm ngoài thời hạn của {found.short_title}: {first} đến {last}.")
            receipts = receipts_of(found, period, paths)
            senders = {path: receipt.sent_by for path, receipt in receipts.items()}
            jobs.append((found, period, receipts, waiting.submit(readers.read, found, period, senders)))
        waiting.submit(readers.close)  # workers take a while to end; nothing has to wait for them
        for job in jobs:
            yield from check_files(*job)


def _grouped(
    home: Path, files: Sequence[Path], programme: str | None, quarter: str | None
) -> dict[tuple[str, Quarter], list[Path]]:
    """The files by programme and quarter: as asked for, else by where they lie, else by what they say."""
    from pipeline.quarters import Quarter

    asked = Quarter.parse(quarter) if quarter else None
    chosen = find(home, programme).id if programme else None
    groups: dict[tuple[str, Quarter], list[Path]] = {}
    for file in dict.fromkeys(files):
        where, when = _place(home, file)
        name, period = chosen or where, asked or when
        if name is None or period is None:
            name, period = _by_content(home, file, name, period)
        groups.setdefault((name, period), []).append(file)
    return groups


def _place(home: Path, file: Path) -> tuple[str | None, Quarter | None]:
    """Programme and quarter of a file in raw/<programme>/submissions/<quarter>/."""
    from pipeline.quarters import Quarter

    folder = file.resolve().parent
    name = folder.parent.parent.name
    if folder.parent.name != "submissions" or not (home / "raw" / name / "programme.yml").is_file():
        return None, None
    try:
        return name, Quarter.parse(folder.name)
    except UsageError:
        return None, None


def _by_content(home: Path, file: Path, name: str | None, period: Quarter | None) -> tuple[str, Quarter]:
    """What is still missing, from the title blocks; UsageError says what to give where they leave a choice."""
    from pipeline.checking import stated_targets
    from pipeline.programme import programme_ids

    stated = stated_targets(home, file)
    names = sorted({programme for programme, _ in stated}) if name is None else [name]
    periods = sorted({stated_quarter for _, stated_quarter in stated if stated_quarter}) if period is None else [period]
    if len(names) == 1 and len(periods) == 1:
        return names[0], periods[0]
    missing = []
    if len(names) != 1:
        missing.append(f"--programme (một trong: {', '.join(names or programme_ids(home))})")
    if len(periods) != 1:
        options = f" ({' hoặc '.join(map(str, periods))})" if periods else ", ví dụ 2023-Q4"
        missing.append(f"--quarter{options}")
    raise UsageError(
        f"Không rõ tệp '{file.name}' thuộc chương trình, quý nào: tệp không nằm trong thư mục báo cáo của một quý, "
        f"tiêu đề biểu không đủ để biết. Đề nghị ghi thêm {' và '.join(missing)}."
    )


def _print_checked(one: Checked) -> None:
    """One file: who it is from, what was read, and every finding."""
    from pipeline.feedback.inert import said

    answer, (file,) = one.answer, one.answer.files
    sender = answer.name or "chưa rõ đơn vị gửi"
    print(f"{said(one.path.name)}: {sender}, {one.quarter.title}, {one.programme.short_title}")
    for form in file.forms:
        state = f"dùng được, {form.figures} số liệu" if form.is_accepted else "CHƯA dùng được"
        reasons = f" ({said('; '.join(form.reasons))})" if form.reasons else ""
        print(f"  {said(form.sheet)}: {state}{reasons}")
    if file.findings:
        from rich.table import Table

        from pipeline.feedback.records import gathered
        from pipeline.terminal import print_table

        table = Table("Mức", "Trang tính", "Ô", "Phát hiện", "Cần", "Đề nghị", box=None, padding=(0, 2, 0, 0))
        for told in gathered(file.findings):
            finding = told.finding
            table.add_row(
                _SEVERITIES[finding.severity], said(finding.sheet), told.place, said(finding.found),
                said(finding.expected), said(finding.remedy),
            )  # fmt: skip
        print_table(table)
    errors, warns, infos = (answer.count(severity) for severity in ("error", "warn", "info"))
    print(f"  {errors} lỗi phải sửa, {warns} điểm cần xác minh, {infos} lưu ý.\n")


def _print_end(results: Sequence[Checked], written: Sequence[Path]) -> None:
    wrong = sum(bool(one.answer.count("error")) for one in results)
    print(f"Đã kiểm tra {len(results)} tệp: " + (f"{wrong} tệp có lỗi phải sửa." if wrong else "không có lỗi."))
    for folder in written:
        print(f"Thư phản hồi và bản đánh dấu: {folder}")
    compared = sorted({quarter for one in results for quarter in one.compared_with})
    print(
        f"Đã kiểm tra từng ô, tổng, tỷ lệ, khớp giữa các biểu và đối chiếu với {', '.join(compared)}."
        if compared
        else "Đã kiểm tra từng ô, tổng, tỷ lệ và khớp giữa các biểu; chưa có số liệu kỳ trước để đối chiếu."
    )


def _record(one: Checked) -> dict[str, Any]:
    answer, (file,) = one.answer, one.answer.files
    return {
        "file": str(one.path),
        "programme": one.programme.id,
        "quarter": str(one.quarter),
        "reporter": answer.reporter if answer.name else None,
        "reporter_name": answer.name or None,
        "forms": [
            {"sheet": form.sheet, "form": form.form, "accepted": form.is_accepted, "figures": form.figures}
            for form in file.forms
        ],
        "findings": [vars(finding) for finding in file.findings],
        "compared_with": list(one.compared_with),
    }


def _write(results: Iterable[Checked], out: Path | None, home: Path) -> list[Path]:
    """<file>-thu-phan-hoi.html and .txt, and <file>-danh-dau.xlsx where there is something to mark; the folders.

    Where no folder was asked for, a file without a finding gets no letter: there is nothing to forward.
    """
    folders: dict[Path, list[Checked]] = {}
    for one in results:
        if out is not None or any(file.findings for file in one.answer.files):
            folders.setdefault(out or home / "build" / one.programme.id / "feedback" / CHECKED, []).append(one)
    if folders:
        from pipeline.feedback.folder import LETTER, with_copies, write_letter
        from pipeline.feedback.inert import file_stem
        from pipeline.intake.cells import read_sheets
    for folder, held in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        for one in held:
            source, target = (lambda _, path=one.path: path), (lambda _, name, folder=folder: folder / name)
            (answer,), _ = with_copies([one.answer], one.quarter, read_sheets, source, target)
            write_letter(one.programme, one.quarter, answer, folder / f"{file_stem(one.path.name)}-{LETTER}")
    return list(folders)
