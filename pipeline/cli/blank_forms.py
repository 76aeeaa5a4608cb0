"""The command that makes blank forms for the reporters to fill: template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import Home, ProgrammeName, QuarterName, find, quarter_of_term
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.forms import Written
    from pipeline.forms.earlier import Earlier
    from pipeline.programme import Programme
    from pipeline.quarters import Quarter


def template(
    programme: ProgrammeName,
    quarter: QuarterName,
    reporter: Annotated[
        str | None, typer.Option("--for", metavar="REPORTER", help="Chỉ đơn vị này: mã hoặc tên; mặc định mọi đơn vị.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Thư mục ghi các biểu.")] = None,
    home: Home = Path(),
) -> None:
    """Tạo biểu trống để gửi các đơn vị điền: có sẵn tên, số kỳ trước, công thức, khóa ô, kiểm tra khi nhập."""
    found = find(home, programme)
    from pipeline.forms import earlier_figures, excused_reporters, owing_reporters, write_forms

    asked = quarter_of_term(found, quarter)
    owing, excused = owing_reporters(found, asked), excused_reporters(found, asked)
    if reporter is not None:
        owing, excused = [_reporter(found, asked, reporter, owing, excused)], {}
    if not owing:
        raise UsageError(f"Không có đơn vị nào phải gửi biểu {asked.title}. {_listed_reasons(found, excused)}".strip())
    earlier = earlier_figures(found, asked)
    folder = out or found.home / "build" / found.id / "forms" / str(asked)
    _tell(found, asked, folder, write_forms(found, asked, owing, earlier, folder), earlier, excused)


def _reporter(programme: Programme, quarter: Quarter, text: str, owing: list[str], excused: dict[str, str]) -> str:
    """The code of one reporter, given as code or name; UsageError lists those that owe a form."""
    from pipeline.intake.identity import Names

    codes = {text} if text in (*owing, *excused) else Names(programme, quarter).reporters.codes(text)
    chosen = sorted(code for code in codes if code in owing)
    if len(chosen) == 1:
        return chosen[0]
    listing = "\n".join(f"  {code}  {programme.reporter_name(code)}" for code in owing) or "  không có đơn vị nào"
    reason = next((f"{programme.reporter_name(code)}: {excused[code]}. " for code in codes if code in excused), "")
    raise UsageError(f"{reason or f'Không rõ đơn vị {text!r}. '}Các đơn vị phải gửi biểu {quarter.title}:\n{listing}")


def _tell(
    programme: Programme, quarter: Quarter, folder: Path, written: Written, earlier: Earlier, excused: dict[str, str]
) -> None:
    count = len(written.made)
    print(f"Đã tạo {count} tệp biểu trống {quarter.title} của {programme.short_title}, mỗi đơn vị một tệp, tại:")
    print(f"  {folder}" if count != 1 else f"  {written.made[0]}")
    if earlier:
        print("Số đầu kỳ, kế hoạch năm và cùng kỳ năm trước đã ghi nhận được điền sẵn để đơn vị đối chiếu.")
    else:
        print("Chưa có số liệu kỳ trước trong kho; các cột số đầu kỳ và cùng kỳ năm trước để trống.")
    if written.kept:
        print(f"Giữ nguyên {len(written.kept)} tệp đã có người mở và lưu; muốn tạo lại thì chuyển tệp đó đi nơi khác:")
        for path in written.kept:
            print(f"  {path.name}")
    if excused:
        print(_listed_reasons(programme, excused))


def _listed_reasons(programme: Programme, excused: dict[str, str]) -> str:
    """Who gets no form and why, one line for each reason."""
    by_reason: dict[str, list[str]] = {}
    for code, reason in excused.items():
        by_reason.setdefault(reason, []).append(programme.reporter_name(code))
    return "\n".join(f"Không có biểu ({reason}): {'; '.join(names)}." for reason, names in by_reason.items())
