"""The command line: arguments, progress on stderr, a plain summary on stdout; everything else is imported late."""

from __future__ import annotations

import sys

import typer

from pipeline.cli.asking import figures, status, trace
from pipeline.cli.keeping import backup, health
from pipeline.cli.making import briefing, issue, receive, refresh, run, ui
from pipeline.cli.speaking import Command, Commands, wrong_usage
from pipeline.errors import GiaobanError, UsageError

app = typer.Typer(
    name="giaoban",
    cls=Commands,
    help="Từ bảng tính các đơn vị gửi đến báo cáo tóm tắt phục vụ hội nghị giao ban quý.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (briefing, refresh, receive, status, figures, trace, run, issue, health, backup, ui):
    app.command(cls=Command)(command)

INTERRUPTED = 130


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
        # nothing to say: the help page was asked for by giving nothing at all
        code = _tell(wrong_usage(error), 2) if error.format_message() else 2
    except OSError as error:
        code = _tell(f"Không đọc hoặc ghi được tệp: {error}", 1)
    except Exception as error:
        from pipeline.terminal import keep_trace

        if type(error).__name__ == "CatalogException":  # duckdb's; importing it here would cost every command
            sys.exit(_tell("Kho số liệu chưa đủ bảng. Đề nghị chạy trước: giaoban refresh CHƯƠNG_TRÌNH QUÝ.", 1))
        code = _tell(
            f"Lỗi ngoài dự kiến ({type(error).__name__}: {error}). Kho số liệu đã có được giữ nguyên.\n"
            f"Đề nghị gửi tệp {keep_trace()} cho người phụ trách kỹ thuật.",
            1,
        )
    sys.exit(code or 0)


def _tell(message: str, code: int) -> int:
    print(f"Lỗi: {message}", file=sys.stderr)
    return code
