"""The sheet that tells a clerk how to fill the forms, in words short enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.forms.drawing import LINE_HEIGHT, Book
from pipeline.forms.form import Form
from pipeline.programme import Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date

SHEET = "Hướng dẫn"
WIDTH = 100


def add_guidance(book: Book, programme: Programme, quarter: Quarter, reporter: str, forms: Sequence[Form]) -> None:
    """One portrait page. It never repeats a form's title: by that a sheet is recognised as a form."""
    sheet = book.sheet(SHEET)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, WIDTH)
    sheet.write_string(0, 0, "HƯỚNG DẪN ĐIỀN SỐ LIỆU", book.style("left", is_bold=True))
    row = 1
    for text in (
        f"{programme.short_title}, {quarter.title}, {reporter}",
        f"Biểu phải gửi: {', '.join(form.sheet for form in forms)}",
        f"Thời hạn gửi: ngày {short_date(programme.due_on(quarter))}. Nơi nhận: {programme.document.issuing_body}.",
    ):
        sheet.write_string(row, 0, text, book.style("left"))
        row += 1
    row += 1
    for style, meaning in (("fill", "Ô phải điền"), ("known", "Số đã ghi nhận kỳ trước, hoặc x: chỉ sửa khi sai")):
        sheet.write_blank(row, 0, None, book.style(f"{style}_sample"))
        sheet.write_string(row, 1, meaning, book.style("left"))
        row += 1
    row += 1
    for number, text in enumerate(_steps(quarter, forms), 1):
        sheet.write_number(row, 0, number, book.style("step_number"))
        sheet.write_string(row, 1, text, book.style("step"))
        sheet.set_row(row, LINE_HEIGHT * (1 + len(text) // WIDTH))
        row += 1


def _steps(quarter: Quarter, forms: Sequence[Form]) -> list[str]:
    remark = next((form.remark for form in forms if form.remark), None)
    reason = f" và nêu lý do ở cột “{remark}”" if remark else ""
    ends_on = short_date(quarter.ends_on)
    steps = [
        "Chỉ điền các ô nền màu. Các ô khác đã khóa: tên, tiêu đề, dòng tổng và tỷ lệ (tự tính).",
        f"Ô đã có sẵn số là số ghi nhận từ báo cáo trước: kiểm tra, chỉ sửa khi sai{reason}.",
        "Để trống nghĩa là chưa có số liệu; 0 là không phát sinh; x là không áp dụng với đơn vị. Không ghi dấu gạch.",
        f"Số phát sinh (tăng, giảm, lũy kế) tính từ ngày 01/01/{quarter.year} đến ngày {ends_on}; "
        f"số tại một thời điểm lấy đến ngày {ends_on}; số trong kỳ là của riêng {quarter.title}.",
        "Ghi số đầy đủ theo đơn vị tính của biểu, không đổi sang nghìn hoặc triệu; tỷ lệ ghi theo phần trăm.",
    ]
    if zero := [form.sheet for form in forms if form.blank_is_zero]:
        steps.append(f"Riêng {', '.join(zero)}: chưa có số liệu thì giữ nguyên dấu …; để trống sẽ được hiểu là 0.")
    if any(form.takes_estimates for form in forms):
        steps.append("Số liệu ước tính thì ghi chữ ước hoặc khoảng trước số, ví dụ: ước 85.")
    return [
        *steps,
        "Không đổi tên, thêm, xóa, gộp dòng hoặc cột; không chép đè cả vùng từ tệp khác.",
        "Không ghi tên hoặc thông tin của cá nhân, hộ gia đình; không gửi kèm danh sách.",
        "Lưu dạng Excel (.xlsx), không đặt mật khẩu; gửi nguyên tệp này.",
    ]
