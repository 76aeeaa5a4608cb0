"""Why a file is not read: what it is instead of a workbook, said to its sender with what to do."""

from __future__ import annotations

from pipeline.findings import RefusedError

SAVE_AS = "Mở biểu mẫu bằng Excel, chọn Lưu thành (Save As) loại Excel Workbook (.xlsx) rồi gửi lại."
TYPE_IN = "Nhập số liệu vào biểu mẫu Excel (.xlsx) rồi gửi lại; tệp này có thể gửi riêng làm văn bản kèm theo."
UNPACK = "Giải nén rồi gửi riêng từng tệp Excel bên trong."
SEND_ORIGINAL = "Đóng Excel rồi gửi chính tệp biểu mẫu, không gửi tệp có tên bắt đầu bằng '~$'."
SEND_FILE = "Gửi chính tệp Excel, không gửi lối tắt hay đường dẫn đến tệp."
WITHOUT_MACROS = "Xóa trang macro (trang tên Macro1…) rồi lưu lại loại Excel Workbook (.xlsx) và gửi lại."
SEND_FILLED = "Tệp không có nội dung; kiểm tra lại tệp gốc rồi gửi lại."


def not_a_workbook(what: str, remedy: str = SAVE_AS) -> RefusedError:
    """what names the thing that was sent, in Vietnamese."""
    return RefusedError("not-a-workbook", what, "tệp Excel (.xlsx)", remedy)


def locked() -> RefusedError:
    return RefusedError(
        "password", "tệp có mật khẩu", "tệp không đặt mật khẩu",
        "Bỏ mật khẩu của tệp (Tệp > Thông tin > Bảo vệ sổ làm việc) rồi gửi lại.",
    )  # fmt: skip


def unreadable() -> RefusedError:
    return RefusedError(
        "unreadable", "tệp hỏng hoặc sai cấu trúc", "tệp Excel mở được",
        "Mở tệp bằng Excel, lưu lại loại Excel Workbook (.xlsx) rồi gửi lại.",
    )  # fmt: skip


def unsafe_xml() -> RefusedError:
    return RefusedError(
        "unsafe-xml", "tệp có khai báo DTD (thực thể XML), thứ Excel không bao giờ ghi ra", "tệp do Excel lưu",
        "Sao chép các biểu sang một tệp Excel mới rồi gửi lại; báo bộ phận tin học kiểm tra máy đã tạo tệp.",
    )  # fmt: skip
