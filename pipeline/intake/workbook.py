"""One file to one Reading: sheets recognised by their contents, each form read on its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from pipeline.findings import Finding, RefusedError
from pipeline.intake.area_rows import AreaRows
from pipeline.intake.body import BodyReader
from pipeline.intake.cells import Sheet, address, read_sheets
from pipeline.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS
from pipeline.intake.grid import Grid
from pipeline.intake.identity import Names, stated_reporters
from pipeline.intake.measure_rows import MeasureRows
from pipeline.intake.personal import holds_personal_data
from pipeline.intake.readings import FormReading, Reading
from pipeline.intake.recognition import Place, Titles, choose, find_places
from pipeline.quarters import Quarter

_ROWS_OF_A_TABLE = 3


def read_workbook(content: bytes, file: str, names: Names, sent_by: str | None = None) -> Reading:
    """Read one file of the programme and quarter of `names`; whatever is wrong becomes findings.

    sent_by is what the register says; the file's own title block outranks it.
    """
    try:
        sheets = read_sheets(content, file)
    except RefusedError as refused:
        return Reading(findings=[refused.finding])
    return read_forms(sheets, file, names, sent_by)


def read_forms(sheets: Sequence[Sheet], file: str, names: Names, sent_by: str | None = None) -> Reading:
    """Read the forms on the sheets of one file; a list of persons on any of them refuses them all."""
    reading = Reading()
    if any(holds_personal_data(sheet, names.places) for sheet in sheets):
        reading.findings.append(
            Finding(
                "personal-data", "error", "", "", "danh sách có thông tin cá nhân",
                "biểu tổng hợp, không có danh sách cá nhân",
                "Gửi lại tệp chỉ gồm biểu tổng hợp; tệp này không được lưu và không được đọc tiếp.",
            )
        )  # fmt: skip
        return reading
    titles = Titles(names.programme.layouts)
    found = [place for sheet in sheets for place in find_places(sheet, titles, names.programme, names.quarter)]
    if not found:
        reading.findings.append(_no_form(sheets, names))
        return reading
    places, findings = choose(found, names.quarter)
    reporter = _reporter(places, file, names, sent_by, reading)
    if reporter is None:
        return reading
    reading.reporter = reporter
    reading.reporter_kind = "area" if reporter in names.programme.area_by_code else "agency"
    reading.findings.extend(findings)
    for place in places:
        _read_form(place, names, reporter, reading)
    reading.findings.extend(_unused(sheets, found))
    for sheet in {place.sheet.name: place.sheet for place in found}.values():
        reading.findings.extend(_of_the_whole_sheet(sheet))
    return reading


def _no_form(sheets: Sequence[Sheet], names: Names) -> Finding:
    """No title of a form: perhaps because it cannot be read."""
    titles = "; ".join(layout.titles[0] for layout in names.programme.layouts)
    garbled = [(sheet, cell) for sheet in sheets for cell in sorted(sheet.undecoded)[:1]]
    if garbled:
        sheet, cell = garbled[0]
        return Finding(
            "text-undecoded", "error", sheet.name, address(*cell), "chữ không đọc được vì bảng mã, không thấy tên biểu",
            titles, "Chuyển chữ sang Unicode (Times New Roman), lưu lại rồi gửi lại.",
        )  # fmt: skip
    return Finding(
        "no-known-form", "error", "", "", "không có trang tính nào là biểu mẫu của chương trình", titles,
        "Dùng biểu mẫu của chương trình rồi gửi lại.",
    )  # fmt: skip


def _reporter(places: Sequence[Place], file: str, names: Names, sent_by: str | None, reading: Reading) -> str | None:
    """Whoever the title blocks name; then the register, then the file name. Two names are never chosen from."""
    stated: set[str] = set()
    for place in places:
        stated |= stated_reporters(place.title_lines(), names) or stated_reporters(place.head_lines(), names)
    sheet = places[0].sheet.name
    if len(stated) > 1:
        listed = ", ".join(names.programme.reporter_name(code) for code in sorted(stated))
        reading.findings.append(
            Finding(
                "reporter-ambiguous", "error", sheet, "", listed, "một đơn vị báo cáo",
                "Ghi rõ một đơn vị ở dòng 'Đơn vị báo cáo' của mọi biểu rồi gửi lại.",
            )
        )  # fmt: skip
        return None
    code = next(iter(stated), None)
    if code is not None and sent_by is not None and code != sent_by:
        reading.findings.append(
            Finding(
                "reporter-differs", "warn", sheet, "", names.programme.reporter_name(code),
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
                "reporter-unknown", "error", sheet, "", "không rõ đơn vị gửi",
                "dòng 'Đơn vị báo cáo: …' ở đầu biểu", "Ghi tên đơn vị ở đầu biểu rồi gửi lại.",
            )
        )  # fmt: skip
    return code


def _read_form(place: Place, names: Names, reporter: str, reading: Reading) -> None:
    layout, table = place.layout, place.table
    form = FormReading(place.sheet.name, layout.form, reporter, names.quarter.last_month)
    reading.forms.append(form)
    fatal = _wrong_place(place, names.quarter, reading, form)
    headers = place.findings
    if table is None:
        headers = [
            Finding(
                "header-not-found", "error", place.sheet.name, "", "không có dòng tiêu đề của bảng",
                f"một dòng có cột '{layout.ordinal.split('|')[0]}' và cột '{layout.label.split('|')[0]}'",
                "Dùng đúng biểu mẫu, giữ nguyên các dòng tiêu đề cột rồi gửi lại.",
            )
        ]  # fmt: skip
    reading.findings.extend(headers)
    if table is None or any(finding.severity == "error" for finding in [*fatal, *headers]):
        form.is_accepted = False
        return
    kind: type[BodyReader] = AreaRows if layout.rows == "areas" else MeasureRows
    reader = kind(names, place, table, reporter, form, reading)
    reader.read()
    reading.findings.extend(reader.findings)
    # a form that is summed over its rows needs every one of them; elsewhere a bad cell costs only itself
    is_summed = layout.rows == "areas" and layout.area_level == "commune"
    if is_summed and any(finding.severity == "error" for finding in reader.findings):
        form.is_accepted = False


def _wrong_place(place: Place, quarter: Quarter, reading: Reading, form: FormReading) -> list[Finding]:
    """The wrong quarter, the wrong kind of sender, or the same form twice in one file."""
    found: list[Finding] = []
    sheet, layout = place.sheet.name, place.layout
    stated = place.quarter()
    if stated is not None and stated != quarter:
        found.append(
            Finding(
                "period-differs", "error", sheet, "", stated.title, quarter.title,
                "Gửi đúng biểu của kỳ báo cáo, hoặc sửa kỳ ghi ở đầu biểu rồi gửi lại.",
            )
        )  # fmt: skip
    if layout.sender not in ("any", reading.reporter_kind):
        found.append(
            Finding(
                "sender-differs", "error", sheet, "", "biểu của loại đơn vị khác",
                "biểu của quận, huyện, thị xã" if layout.sender == "area" else "biểu của sở, ngành",
                "Gửi đúng biểu mẫu của đơn vị mình.",
            )
        )  # fmt: skip
    if twins := [other for other in reading.forms if other.form == form.form and other is not form]:
        for twin in twins:
            twin.is_accepted = False  # which of the two counts is not ours to choose
        found.append(
            Finding(
                "form-repeated", "error", sheet, "", "hai trang tính cùng một biểu", "mỗi biểu một trang tính",
                "Xóa trang tính thừa (bản cũ, bản nháp) rồi gửi lại.",
            )
        )  # fmt: skip
    reading.findings.extend(found)
    return found


def _of_the_whole_sheet(sheet: Sheet) -> list[Finding]:
    """What was done to a form before it was read: text converted, cells far out left where they are."""
    findings: list[Finding] = []
    if sheet.encoding:
        findings.append(
            Finding(
                "text-converted", "info", sheet.name, "", f"chữ gõ bằng bảng mã cũ {sheet.encoding}", "chữ Unicode",
                "Chữ đã được chuyển sang Unicode khi đọc, không phải gửi lại; lần sau nên gõ bằng Unicode.",
            )
        )  # fmt: skip
    if sheet.beyond is not None:
        findings.append(
            Finding(
                "cells-too-far", "warn", sheet.name, address(*sheet.beyond),
                f"có nội dung nằm quá xa, không đọc đến (từ ô {address(*sheet.beyond)})",
                f"biểu trong {MAX_ROWS} dòng, {MAX_COLUMNS} cột đầu",
                "Nếu ô này có số liệu của biểu thì chuyển về gần bảng rồi gửi lại; nếu không thì xóa đi.",
            )
        )  # fmt: skip
    return findings


def _unused(sheets: Sequence[Sheet], places: Sequence[Place]) -> list[Finding]:
    """Sheets with figures that are no form: told, so that nobody thinks they were read."""
    findings: list[Finding] = []
    used = {id(place.sheet) for place in places}
    for sheet in sheets:
        grid = Grid(sheet)
        rows = [row for row in range(grid.height) if grid.has_figures(row)] if id(sheet) not in used else []
        if len(rows) >= _ROWS_OF_A_TABLE:
            findings.append(
                Finding(
                    "sheet-not-used", "info", sheet.name, "", f"{len(rows)} dòng có số, không phải biểu mẫu",
                    "các biểu mẫu của chương trình", "Trang tính này không được sử dụng; không cần gửi lại.",
                )
            )  # fmt: skip
    return findings
