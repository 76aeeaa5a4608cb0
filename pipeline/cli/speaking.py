"""What the framework says by itself, in Vietnamese: help pages, usage lines, and what was written wrongly."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

_ASK_FOR_HELP = "Gõ 'giaoban --help' để xem các lệnh."


def _translate_help_pages() -> None:
    """The words of the framework's help pages; what draws them is imported only when one is asked for."""
    from rich.text import Text
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.ENVVAR_STRING = "[biến môi trường: {}]"
    rich_utils.RICH_HELP = "Gõ [blue]'{command_path} {help_option}'[/] để xem hướng dẫn."
    # a Python type such as <str> tells a secretary nothing; DATE and DIR do
    rich_utils.types_highlighter = lambda said: Text() if str(said).startswith("<") else said  # type: ignore[assignment]


class _Speaking:
    """Help option, help page and usage line; mixed into the framework's command and group."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate_help_pages()
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Xem hướng dẫn này rồi thoát."
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Cách dùng: ")


class Command(_Speaking, TyperCommand):
    """One command of giaoban."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings | {"options_metavar": "[TÙY CHỌN]"})


class Commands(_Speaking, TyperGroup):
    """giaoban itself."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings | {"options_metavar": "[TÙY CHỌN]", "subcommand_metavar": "LỆNH …"})


def wrong_usage(error: Any) -> str:
    """What was written wrongly and what was probably meant, from an error of the framework."""
    if extra := re.search(r"unexpected extra argument\(s\) \((.+)\)", error.format_message()):
        return f"Thừa tham số: {extra[1]}. {_ASK_FOR_HELP}"
    words = re.findall(r"'[^']+'|--?\w[\w-]*", error.format_message())
    if not words:
        return f"Lệnh viết chưa đúng. {_ASK_FOR_HELP}"
    first, others = words[0], list(dict.fromkeys(words[1:]))
    meant = f" Có phải: {', '.join(others)}?" if others else ""
    match type(error).__name__:
        case "MissingParameter":
            return f"Thiếu tham số {first}. {_ASK_FOR_HELP}"
        case "NoSuchOption":
            return f"Không có tùy chọn {first}.{meant} {_ASK_FOR_HELP}"
        case "BadParameter":
            return f"Giá trị của {first} không hợp lệ. {_ASK_FOR_HELP}"
        case _ if "No such command" in error.format_message():
            return f"Không có lệnh {first}.{meant} {_ASK_FOR_HELP}"
        case _:
            return f"Lệnh viết chưa đúng ở {', '.join(words)}. {_ASK_FOR_HELP}"
