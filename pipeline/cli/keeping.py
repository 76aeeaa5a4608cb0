"""The commands that keep the system well: health, backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments import Home


def health(home: Home = Path()) -> None:
    """Có việc gì cần xử lý không: lần chạy lỗi, chưa chạy theo lịch, quá hạn gửi; mã thoát 0 là ổn, 1 là có việc."""
    from pipeline.health import troubles

    found = troubles(home.resolve(), datetime.now())
    for trouble in found:
        print(f"CẦN XỬ LÝ: {trouble.what}\n  {trouble.remedy}")
    if found:
        raise typer.Exit(1)
    print("Mọi việc bình thường.")


def backup(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Thư mục chứa bản sao lưu; mặc định build/backups.")
    ] = None,
    home: Home = Path(),
) -> None:
    """Sao lưu dữ liệu gốc và báo cáo đã in vào một tệp nén, đọc lại để kiểm tra; giữ 12 bản gần nhất."""
    from pipeline.backup import back_up
    from pipeline.vietnamese import number

    folder = out or home / "build" / "backups"
    archive, files = back_up(home.resolve(), folder, datetime.now())
    print(f"Đã sao lưu {number(files)} tệp: {archive}  ({number(archive.stat().st_size // 1_000_000 + 1)} MB)")
    print("Khôi phục: giải nén vào một thư mục trống (tar xzf TỆP -C THƯ_MỤC), rồi chạy giaoban --home THƯ_MỤC.")
