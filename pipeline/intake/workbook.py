"""One file to one Reading: sheets recognised by their contents, each form read on its own."""

from __future__ import annotations

from pathlib import PurePath

from pipeline.findings import Finding, RefusedError
from pipeline.intake.area_rows import AreaRows
from pipeline.intake.body import BodyReader
from pipeline.intake.cells import Sheet, read_sheets
from pipeline.intake.header import find_table
from pipeline.intake.identity import (
    Names,
    holds_personal_data,
    recognise,
    stated_quarter,
    stated_reporters,
)
from pipeline.intake.measure_rows import MeasureRows
from pipeline.intake.readings import FormReading, Reading
from pipeline.programme.layouts import Layout
from pipeline.quarters import Quarter


def read_workbook(content: bytes, file: str, names: Names, sent_by: str | None = None) -> Reading:
    """Read one file of the programme and quarter of `names`; whatever is wrong becomes findings.

    sent_by is what the register says; the file's own title block outranks it.
    """
    reading = Reading()
    layouts = names.programme.layouts
    try:
        sheets = read_sheets(content)
        if any(holds_personal_data(sheet) for sheet in sheets):
            raise RefusedError(
                "personal-data", "danh sách có thông tin cá nhân", "biểu tổng hợp, không có danh sách cá nhân",
                "Gửi lại tệp chỉ gồm biểu tổng hợp; tệp này không được lưu và không được đọc tiếp.",
            )  # fmt: skip
    except RefusedError as refused:
        reading.findings.append(refused.finding)
        return reading
    recognised = [(sheet, layout) for sheet in sheets if (layout := recognise(sheet, layouts))]
    if not recognised:
        reading.findings.append(
            Finding(
                "no-known-form", "error", "", "", "không có trang tính nào là biểu mẫu của chương trình",
                "; ".join(layout.titles[0] for layout in layouts), "Dùng biểu mẫu của chương trình rồi gửi lại.",
            )
        )  # fmt: skip
        return reading
    reporter = _reporter(recognised, file, names, sent_by, reading)
    if reporter is None:
        return reading
    reading.reporter = reporter
    reading.reporter_kind = "area" if reporter in names.programme.area_by_code else "agency"
    for sheet, layout in recognised:
        _read_form(sheet, layout, names, reporter, reading)
    return reading


def _reporter(
    recognised: list[tuple[Sheet, Layout]], file: str, names: Names, sent_by: str | None, reading: Reading
) -> str | None:
    """Whoever the title blocks name; then the register, then the file name. Two names are never chosen from."""
    stated: set[str] = set()
    for sheet, _ in recognised:
        stated |= stated_reporters(sheet, names)
    if len(stated) > 1:
        listed = ", ".join(names.programme.reporter_name(code) for code in sorted(stated))
        reading.findings.append(
            Finding(
                "reporter-ambiguous", "error", recognised[0][0].name, "", listed, "một đơn vị báo cáo",
                "Ghi rõ một đơn vị ở dòng 'Đơn vị báo cáo' của mọi biểu rồi gửi lại.",
            )
        )  # fmt: skip
        return None
    code = next(iter(stated), None)
    if code is not None and sent_by is not None and code != sent_by:
        reading.findings.append(
            Finding(
                "reporter-differs", "warn", recognised[0][0].name, "", names.programme.reporter_name(code),
                f"{names.programme.reporter_name(sent_by)} (theo sổ)",
                "Kiểm tra lại sổ tiếp nhận; số liệu được tính cho đơn vị ghi trong tệp.",
            )
        )  # fmt: skip
    if code is None:
        code = sent_by
    if code is None:
        by_name = names.reporters.codes(PurePath(file).stem.replace("_", " "))
        code = next(iter(by_name)) if len(by_name) == 1 else None
    if code is None:
        reading.findings.append(
            Finding(
                "reporter-unknown", "error", recognised[0][0].name, "", "không rõ đơn vị gửi",
                "dòng 'Đơn vị báo cáo: …' ở đầu biểu", "Ghi tên đơn vị ở đầu biểu rồi gửi lại.",
            )
        )  # fmt: skip
    return code


def _read_form(sheet: Sheet, layout: Layout, names: Names, reporter: str, reading: Reading) -> None:
    programme, quarter = names.programme, names.quarter
    form = FormReading(sheet.name, layout.form, reporter, quarter.last_month)
    reading.forms.append(form)
    fatal = _wrong_place(sheet, layout, quarter, reading, form)
    table, header_findings = find_table(sheet, layout, quarter)
    reading.findings.extend(header_findings)
    if table is None or any(finding.severity == "error" for finding in [*fatal, *header_findings]):
        form.is_accepted = False
        return
    reader: BodyReader
    if layout.rows == "areas":
        communes = programme.communes(reporter, quarter)
        reader = AreaRows(
            programme, quarter, sheet, layout, table, reporter, form, reading,
            communes=communes, names=names.communes(reporter),
        )  # fmt: skip
    else:
        reader = MeasureRows(programme, quarter, sheet, layout, table, reporter, form, reading)
    reader.read()
    reading.findings.extend(reader.findings)
    # a form that is summed over its rows needs every one of them; elsewhere a bad cell costs only itself
    if layout.rows == "areas" and any(finding.severity == "error" for finding in reader.findings):
        form.is_accepted = False


def _wrong_place(sheet: Sheet, layout: Layout, quarter: Quarter, reading: Reading, form: FormReading) -> list[Finding]:
    """The wrong quarter, the wrong kind of sender, or the same form twice in one file."""
    found: list[Finding] = []
    stated = stated_quarter(sheet)
    if stated is not None and stated != quarter:
        found.append(
            Finding(
                "period-differs", "error", sheet.name, "", stated.title, quarter.title,
                "Gửi đúng biểu của kỳ báo cáo, hoặc sửa kỳ ghi ở đầu biểu rồi gửi lại.",
            )
        )  # fmt: skip
    if layout.sender != reading.reporter_kind:
        found.append(
            Finding(
                "sender-differs", "error", sheet.name, "", "biểu của loại đơn vị khác",
                "biểu của quận, huyện, thị xã" if layout.sender == "area" else "biểu của sở, ngành",
                "Gửi đúng biểu mẫu của đơn vị mình.",
            )
        )  # fmt: skip
    if twins := [other for other in reading.forms if other.form == form.form and other is not form]:
        for twin in twins:
            twin.is_accepted = False  # which of the two counts is not ours to choose
        found.append(
            Finding(
                "form-repeated", "error", sheet.name, "", "hai trang tính cùng một biểu", "mỗi biểu một trang tính",
                "Xóa trang tính thừa (bản cũ, bản nháp) rồi gửi lại.",
            )
        )  # fmt: skip
    reading.findings.extend(found)
    return found
