"""Every command under its name, and what a command that fails says: one sentence in Vietnamese, and an exit code."""

from __future__ import annotations

import sys

import typer

from pipeline.cli.answering import check
from pipeline.cli.asking import figures, status, trace
from pipeline.cli.blank_forms import template
from pipeline.cli.keeping import backup, health
from pipeline.cli.making import briefing, issue, receive, refresh, run, ui
from pipeline.cli.proving import lint_pdf, verify
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
for command in (
    briefing, refresh, receive, template, check, status, figures, trace, run, issue, lint_pdf, verify,
    health, backup, ui,
):  # fmt: skip
    app.command(cls=Command)(command)

INTERRUPTED = 130


def run_command() -> None:
    """Run what the command line asks for, and exit with its code."""
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
