"""For every rule of a profile a document in which just that rule is broken, and the linter saying so and where."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject

from pipeline.proof.measures import MEASURES
from tests.proof.conftest import broken
from tests.proof.sample import BROAD_TABLE, HEADS, REFERENCE, SENTENCE, TYPEFACES, Spoilt

FONT_FILE = (TYPEFACES.folder / TYPEFACES.faces[0].file).as_uri()
LAST_SECTION = "<h3>III. KIẾN NGHỊ</h3>"
FIRST_APPENDIX = '<section class="appendix tall">'


def css(rules: str) -> Spoilt:
    return Spoilt(css=rules)


def words(old: str, new: str) -> Spoilt:
    return Spoilt(swaps=((old, new),))


# what is done -> the rule of profile A that this breaks, and no other
SPOILT_A: dict[str, Spoilt] = {
    "paper.page_size": css("@page { size: 216mm 279mm }"),
    "paper.orientation": words(BROAD_TABLE, f"<p>{SENTENCE * 3}</p>"),
    "paper.margin_top": css("@page { margin-top: 30mm }"),
    "paper.margin_bottom": Spoilt(
        "@page { margin-bottom: 46mm }", (('<p class="last">', f'<p>{SENTENCE * 20}</p><p class="last">'),)
    ),
    "paper.margin_left": css("@page { margin-left: 25mm }"),
    "paper.margin_right": css("@page { margin-right: 12mm }"),
    "paper.inside_page": css("@page { @top-right-corner { content: 'ngoài mép giấy'; white-space: nowrap } }"),
    "font.family": css(f"@font-face {{ font-family: Khac; src: url({FONT_FILE}) }} .note {{ font-family: Khac }}"),
    "font.unicode_text": words("Tóm tắt", "To\u0301m tă\u0301t"),
    "font.black": css(".second { color: #333 }"),
    "appendix.wording": words("<h1>Phụ lục I<", "<h1>PHỤ LỤC I<"),
    "appendix.sequence": Spoilt(swaps=(("<h1>Phụ lục II<", "<h1>Phụ lục III<"), ("Phụ lục I, II.", "Phụ lục I, III."))),
    "appendix.size": css(".appendix h1 { font-size: 15pt }"),
    "appendix.style": css(".appendix h1 { font-style: italic }"),
    "appendix.centred": css(".appendix h1 { text-align: left }"),
    "appendix.starts_page": words("<h1>Phụ lục I<", "<p>Trang phụ lục</p><h1>Phụ lục I<"),
    "appendix.referred": words("ở Phụ lục I, II.", "ở Phụ lục I."),
    "appendix_title.letters": words("SỐ LIỆU THEO ĐƠN VỊ", "Số liệu theo đơn vị"),
    "appendix_title.size": css(".appendix_title { font-size: 12pt }"),
    "appendix_title.style": css(".appendix_title { font-weight: normal }"),
    "appendix_title.centred": css(".appendix_title { text-align: left }"),
    "appendix_reference.present": words(REFERENCE, ""),
    "appendix_reference.wording": words(REFERENCE, REFERENCE.replace("số &nbsp;", "số 05")),
    "appendix_reference.size": css(".appendix_reference { font-size: 12pt }"),
    "appendix_reference.style": css(".appendix_reference { font-style: normal }"),
    "appendix_reference.centred": css(".appendix_reference { text-align: left }"),
    "national_name.present": words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "VIỆT NAM DÂN CHỦ CỘNG HÒA"),
    "national_name.letters": words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    "national_name.size": css(".national_name { font-size: 11pt }"),
    "national_name.style": css(".national_name { font-weight: normal }"),
    "national_name.top_right": css(".national_name { margin-top: 10mm }"),
    "motto.present": words("Hạnh phúc", "Ấm no"),
    "motto.wording": words("Độc lập - Tự do", "Độc lập-Tự do"),
    "motto.size": css(".motto { font-size: 12pt }"),
    "motto.style": css(".motto { font-style: italic }"),
    "motto.centred_under": css(".motto { text-align: left }"),
    "motto.lines_below": css(".motto { margin-top: 6pt }"),
    "motto.rule_below": css(".motto span { border-bottom-style: dashed }"),
    "number.present": words("Số: 05/BC-VP", ""),
    "number.wording": words("Số: 05/BC-VP", "Số: 5/BC-VP"),
    "number.size": css(".number { font-size: 14pt }"),
    "number.style": css(".number { font-style: italic }"),
    "number.centred_under": css(".number { padding-left: 20mm }"),
    "parent_body.letters": words("ỦY BAN CẤP TRÊN", "Ủy ban cấp trên"),
    "parent_body.size": css(".parent_body { font-size: 14pt }"),
    "parent_body.style": css(".parent_body { font-weight: bold }"),
    "issuing_body.present": Spoilt(swaps=(("ỦY BAN CẤP TRÊN", ""), ("BAN THỬ NGHIỆM", ""))),
    "issuing_body.letters": words("BAN THỬ NGHIỆM", "Ban Thử nghiệm"),
    "issuing_body.size": css(".issuing_body { font-size: 14pt }"),
    "issuing_body.style": css(".issuing_body { font-weight: normal }"),
    "issuing_body.centred_under": css(".parent_body { text-align: left }"),
    "issuing_body.rule_below": css(".issuing_body + .rule { width: 30mm }"),
    "place_and_date.present": words("Huế, ngày 05 tháng 4 năm 2030", ""),
    "place_and_date.wording": words("Huế, ngày 05", "Huế ngày 05"),
    "place_and_date.size": css(".place_and_date { font-size: 12pt }"),
    "place_and_date.style": css(".place_and_date { font-style: normal }"),
    "place_and_date.level_with": css(".place_and_date { display: block; padding-top: 3mm }"),
    "kind.present": words("BÁO CÁO", "CÔNG BỐ"),
    "kind.letters": words("BÁO CÁO", "Báo cáo"),
    "kind.size": css(".kind { font-size: 15pt }"),
    "kind.style": css(".kind { font-weight: normal }"),
    "kind.centred": css(".kind { text-align: left }"),
    "subject.size": css(".subject { font-size: 12pt }"),
    "subject.style": css(".subject { font-weight: normal }"),
    "subject.centred": css(".subject, .after-subject { position: relative; left: 5mm }"),
    "subject.lines_below": css(".subject { margin-top: 20pt }"),
    "subject.rule_below": css(".after-subject { width: 90mm }"),
    "subject_note.size": css(".subject_note { font-size: 12pt }"),
    "circulation.letters": words("LƯU HÀNH NỘI BỘ", "Lưu hành nội bộ"),
    "circulation.size": css(".circulation { font-size: 12pt }"),
    "circulation.style": css(".circulation { font-weight: normal }"),
    "circulation.framed": css(".circulation { border-style: dashed }"),
    "urgency_flash.framed": css(".urgency_flash { width: 35mm !important }"),
    "urgency_high.framed": css(".urgency_high { height: 11mm !important }"),
    "urgency.framed": css(".urgency { width: 30mm !important }"),
    "contact.size": css("@page :first { @bottom-left { font-size: 10pt } }"),
    "contact.style": css("@page :first { @bottom-left { font-style: italic } }"),
    "contact.full_rule_above": css("@page :first { @bottom-left { border-top: none } }"),
    "grounds.size": css(".grounds { font-size: 12pt }"),
    "grounds.style": css(".grounds { font-style: normal }"),
    "grounds.endings": words("Luật thứ nhất;", "Luật thứ nhất."),
    "addressee.size": css(".addressee { font-size: 12pt }"),
    "addressee.style": css(".addressee { font-style: italic }"),
    "addressee.aligned_items": css(".addressee .to-whom { width: 22mm }"),
    "part.wording": words("Phần I<", "PHẦN I<"),
    "part.sequence": words("Phần I<", "Phần II<"),
    "part.size": css("h2 { font-size: 15pt }"),
    "part.style": css("h2 { font-weight: normal }"),
    "part.centred": css("h2 { text-align: left }"),
    "part_title.letters": words("TÌNH HÌNH CHUNG", "Tình hình chung"),
    "part_title.size": css(".part-title { font-size: 12pt }"),
    "part_title.style": css(".part-title { font-weight: normal }"),
    "section.sequence": words("III. KIẾN NGHỊ", "IV. KIẾN NGHỊ"),
    "section.letters": words("III. KIẾN NGHỊ", "III. Kiến nghị"),
    "section.size": css("h3:not(.plain-heading) { font-size: 15pt }"),
    "section.style": css("h3:not(.plain-heading) { font-style: italic }"),
    "clause.sequence": words("2. Kết quả", "3. Kết quả"),
    "clause.size": css("h4 { font-size: 12pt }"),
    "clause.style": css("h4 { font-weight: normal }"),
    "point.sequence": words(">b) ", ">c) "),
    "point.size": css("p.point { font-size: 12pt }"),
    "point.style": css("p.point { font-style: italic }"),
    "heading.size": css("h3.plain-heading { font-size: 12pt }"),
    "heading.style": css("h3.plain-heading { font-weight: normal }"),
    "signatory_title.present": Spoilt(swaps=(("KT. GIÁM ĐỐC", "NGƯỜI KÝ"), ("PHÓ GIÁM ĐỐC", ""))),
    "signatory_title.letters": words("PHÓ GIÁM ĐỐC", "Phó Giám đốc"),
    "signatory_title.size": css(".signatory_title { font-size: 12pt }"),
    "signatory_title.style": css(".signatory_title { font-weight: normal }"),
    "signatory_title.authority": words("KT. GIÁM ĐỐC", "KT GIÁM ĐỐC"),
    "signatory_title.room_below": css(".room { height: 15mm }"),
    "signatory_name.letters": words("Nguyễn Văn A", "NGUYỄN VĂN A"),
    "signatory_name.size": css(".signatory_name { font-size: 12pt }"),
    "signatory_name.style": css(".signatory_name { font-weight: normal }"),
    "signatory_name.centred_under": css(".signatory_name { text-align: left }"),
    "signatory_name.titles": words("Nguyễn Văn A", "TS. Nguyễn Văn A"),
    "recipients_head.present": words("Nơi nhận:", "Gửi:"),
    "recipients_head.wording": words("Nơi nhận:", "Nơi nhận"),
    "recipients_head.size": css(".recipients_head { font-size: 11pt }"),
    "recipients_head.style": css(".recipients_head { font-style: normal }"),
    "recipients_head.left_side": css(".recipients_head { margin-left: 20mm }"),
    "recipients_head.level_with": css(".recipients_head { margin-top: 6mm }"),
    "typist.size": css(".typist { font-size: 12pt }"),
    "typist.style": css(".typist { font-style: italic }"),
    "recipients.present": Spoilt(swaps=(("- Cơ quan cấp trên;", ""), ("- Lưu: VT, VP.", ""))),
    "recipients.line_wording": words("- Cơ quan cấp trên;", "- Cơ quan cấp trên."),
    "recipients.last_line": words("- Lưu: VT, VP.", "- Lưu: VT, VP;"),
    "recipients.size": css(".recipients { font-size: 12pt }"),
    "recipients.style": css(".recipients { font-style: italic }"),
    "table_note.size": css("p.note { font-size: 9pt }"),
    "body.size": css("p.sixth { font-size: 12pt }"),
    "body.style": css("p.sixth { font-style: italic }"),
    "body.justified": css("p.sixth { text-align: left }"),
    "body.first_line": css("p.sixth { text-indent: 5mm }"),
    "body.between": css("p.sixth { margin-bottom: 2pt }"),
    "body.line_spacing": css("p.sixth { line-height: 1.9 }"),
    "table_text.size": css(".grid td { font-size: 9pt }"),
    "table_text.legend": words('Ghi chú: "…" chưa có số liệu.', "Ghi chú: số liệu sơ bộ."),
    "page_number.shown": css("@page :nth(2) { @top-center { content: none } }"),
    "page_number.hidden_first": css("@page :first { @top-center { content: counter(page) } }"),
    "page_number.wording": css("@page { @top-center { content: '- ' counter(page) ' -' } }"
                               "@page :first { @top-center { content: none } }"),
    "page_number.counted": css("@page :nth(2) { counter-increment: page 2 }"),
    "page_number.restarted": css("@page :nth(1 of tall) { counter-reset: none }"),
    "page_number.size": css("@page { @top-center { font-size: 11pt } }"),
    "page_number.style": css("@page { @top-center { font-style: italic } }"),
    "page_number.centred": css("@page { @top-center { content: none } @top-left { content: counter(page) } }"
                               "@page :first { @top-left { content: none } }"),
    "page_number.in_top_margin": css("@page { @top-center { content: none } @bottom-center { content: counter(page) } }"
                                     "@page :first { @bottom-center { content: none } }"),
    "order.whole": Spoilt(swaps=((LAST_SECTION, ""), (FIRST_APPENDIX, LAST_SECTION + FIRST_APPENDIX))),
    "order.text": words(FIRST_APPENDIX, f"<p>Đoạn văn đứng sau chữ ký của người ký văn bản.</p>{FIRST_APPENDIX}"),
    "writing.percent": words("16,6%", "16,6 %"),
    "writing.decimal": words("16,6%", "16.6%"),
    "writing.thousands": words("1.234 hộ", "1234 hộ"),
    "writing.trailing_zero": words("16,6%", "16,0%"),
    "writing.long_date": words("ngày 15 tháng 12", "ngày 5 tháng 12"),
    "writing.short_date": words("05/4/2029", "05/04/2029"),
    "writing.quarter": words("quý IV", "quý 4"),
    "archive.pdfa": Spoilt(variant="pdf/a-3u"),
    "archive.title": words("<title>Báo cáo thử nghiệm</title>", "<title></title>"),
    "access.reading_order": css(".sixth { position: relative; top: 14mm } .last { position: relative; top: -20mm }"),
    "access.heading_levels": Spoilt("h6 { margin: 0 0 6pt; font-size: 13.5pt; text-indent: 10mm }",
                                    (("<h4>2. Kết quả</h4>", "<h6>2. Kết quả</h6>"),)),
    "access.bookmarks": css("h3 { bookmark-level: none }"),
    "access.table_heads": words(f"<thead>{HEADS}", f"<thead>{HEADS.replace('th>', 'td>')}"),
    "access.table_captions": words("<caption>Số hộ theo đơn vị</caption>", ""),
}  # fmt: skip


def elements(root: Any) -> list[Any]:
    """Every structure element of a file, as dictionaries that can be changed."""
    found, waiting = [], [root["/StructTreeRoot"].get_object()]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found.append(node)
            waiting += [node["/K"]] if "/K" in node else []
    return found


def drop_font_file(root: Any, writer: PdfWriter) -> None:
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            descriptor.pop("/FontFile2", None)


def drop_relationship(root: Any, writer: PdfWriter) -> None:
    for one in root["/AF"]:
        one.get_object().pop("/AFRelationship", None)


def drop_alternative(root: Any, writer: PdfWriter) -> None:
    for element in elements(root):
        element.pop("/Alt", None)


def mix_up_heads(root: Any, writer: PdfWriter) -> None:
    """Let the first cell with text name the head of another column."""
    cells = [one for one in elements(root) if one.get("/S") == "/TD" and one["/A"].get("/Headers")]
    cells[0]["/A"][NameObject("/Headers")] = cells[1]["/A"]["/Headers"]


# rules about the file itself: the finished PDF is changed
CHANGED_A: dict[str, Callable[[Any, PdfWriter], object]] = {
    "font.embedded": drop_font_file,
    "archive.attachments": drop_relationship,
    "archive.language": lambda root, _: root.pop("/Lang"),
    "access.tagged": lambda root, _: root["/MarkInfo"].update({NameObject("/Marked"): BooleanObject(False)}),
    "access.header_cells": mix_up_heads,
    "access.alternatives": drop_alternative,
}

LETTER = Spoilt(
    css=".head span { line-height: 1.149 } .letter_subject { line-height: 1.149; margin-top: 5.1pt }",
    swaps=(
        ('<h1 class="kind">BÁO CÁO</h1>', ""),
        ('<p class="subject">Kết quả thực hiện chương trình thử nghiệm quý IV năm 2029</p>', ""),
        ("Số: 05/BC-VP</span>", 'Số: 05/VP-TH</span><div class="letter_subject">V/v thử</div>'),
        ('<p class="subject_note">(Số liệu đến 02/01/2030)</p>', ""),
    ),
)  # fmt: skip
SPOILT_LETTER = {
    "letter_subject.size": ".letter_subject { font-size: 14pt }",
    "letter_subject.style": ".letter_subject { font-style: italic }",
    "letter_subject.centred_under": ".letter_subject { text-align: left }",
    "letter_subject.gap_below": ".letter_subject { margin-top: 12pt }",
}


def changed(data: bytes, change: Callable[[Any, PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    change(writer.root_object, writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_the_sample_obeys_every_rule(profile_a, sample_a, linted):
    verdicts = linted(profile_a, sample_a)
    assert broken(verdicts) == set()
    assert {rule for rule, verdict in verdicts.items() if verdict.state == "not_applicable"} == set(SPOILT_LETTER)


def test_every_rule_is_broken_by_a_document_of_its_own(profile_a):
    assert {rule for rule, _, _ in profile_a.rules} == {*SPOILT_A, *CHANGED_A, *SPOILT_LETTER}


@pytest.mark.parametrize("rule", SPOILT_A)
def test_just_this_rule_is_broken(profile_a, linted, rule):
    verdicts = linted(profile_a, SPOILT_A[rule])
    assert broken(verdicts) == {rule}
    assert all(check.found for check in verdicts[rule].checks)


def test_the_last_paragraph_may_go_over_with_the_signature(profile_a, linted):
    assert broken(linted(profile_a, css(".last { break-before: page; break-after: avoid }"))) == set()
    longer = Spoilt(".last { break-before: page }", ((SENTENCE + "</p>\n<div", SENTENCE + "</p><p>Sau.</p>\n<div"),))
    assert broken(linted(profile_a, longer)) == {"paper.margin_bottom"}


@pytest.mark.parametrize("rule", CHANGED_A)
def test_just_this_rule_is_broken_in_the_file(profile_a, sample_a, linted, rule):
    assert broken(linted(profile_a, changed(sample_a, CHANGED_A[rule]))) == {rule}


def test_a_letter_obeys_every_rule(profile_a, linted):
    verdicts = linted(profile_a, LETTER)
    assert broken(verdicts) == set()
    assert verdicts["kind.present"].state == "not_applicable"
    assert {verdicts[rule].state for rule in SPOILT_LETTER} == {"met"}


@pytest.mark.parametrize("rule", SPOILT_LETTER)
def test_just_this_rule_of_a_letter_is_broken(profile_a, linted, rule):
    spoilt = Spoilt(LETTER.css + SPOILT_LETTER[rule], LETTER.swaps)
    assert broken(linted(profile_a, spoilt)) == {rule}


def test_every_measure_is_used(profile_a, profile_b):
    used = {rule.measure for profile in (profile_a, profile_b) for _, _, rule in profile.rules}
    assert used == set(MEASURES)
