"""Reading a PDF as it stands: positions, sizes, lines and clips of any writer, not only of our own."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from pipeline.errors import UsageError
from pipeline.proof.content import Interpreter
from pipeline.proof.document import read_document
from tests.proof.conftest import broken
from tests.proof.sample import Spoilt, pdf_of
from tests.proof.test_rules import changed, css

POINT = 25.4 / 72


def drawn(content: str, rotate: int = 0) -> Interpreter:
    """A page of 600 x 800 pt with one font of letters half as wide as they are high, and a form that says 'Form'."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    widths = ArrayObject([NumberObject(500)] * 224)
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/TrueType"),
        NameObject("/BaseFont"): NameObject("/ABCDEF+TimesNewRomanPS-BoldItalicMT"),
        NameObject("/FirstChar"): NumberObject(32), NameObject("/Widths"): widths,
    })  # fmt: skip
    fonts = DictionaryObject({NameObject("/F"): font})
    form = DecodedStreamObject()
    form.set_data(b"BT /F 10 Tf 0 0 Td (Form) Tj ET")
    form.update({
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/Matrix"): ArrayObject([FloatObject(one) for one in (2, 0, 0, 2, 50, 60)]),
        NameObject("/Resources"): DictionaryObject({NameObject("/Font"): fonts}),
    })  # fmt: skip
    forms = DictionaryObject({NameObject("/X"): writer._add_object(form)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts, NameObject("/XObject"): forms})
    stream = DecodedStreamObject()
    stream.set_data(content.encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    if rotate:
        page[NameObject("/Rotate")] = NumberObject(rotate)
    output = BytesIO()
    writer.write(output)
    return Interpreter(PdfReader(output).pages[0], 1, {})


@pytest.mark.parametrize(
    ("content", "text", "left", "right", "baseline", "size"),
    [
        ("BT /F 12 Tf 100 700 Td (Abc) Tj ET", "Abc", 100, 118, 100, 12),
        ("BT /F 1 Tf 12 0 0 12 100 700 Tm ( Abc ) Tj ET", " Abc ", 106, 124, 100, 12),
        ("0.5 0 0 0.5 10 20 cm BT /F 24 Tf 100 700 Td (Abc) Tj ET", "Abc", 60, 78, 430, 12),
        ("BT /F 10 Tf 100 700 Td [(A) -1000 (b)] TJ ET", "A b", 100, 120, 100, 10),
        ("BT /F 10 Tf 100 700 Td [(A) 100 (b)] TJ ET", "Ab", 100, 109, 100, 10),
        ("BT /F 10 Tf 2 Tc 100 700 Td (Ab) Tj ET", "Ab", 100, 112, 100, 10),
        ("BT /F 10 Tf 3 Tw 100 700 Td (A b) Tj ET", "A b", 100, 118, 100, 10),
        ("BT /F 10 Tf 200 Tz 100 700 Td (Ab) Tj ET", "Ab", 100, 120, 100, 10),
        ("BT /F 10 Tf 5 Ts 100 700 Td (Ab) Tj ET", "Ab", 100, 110, 95, 10),
        ("BT /F 10 Tf 14 TL 100 700 Td T* (Ab) Tj ET", "Ab", 100, 110, 114, 10),
        ("BT /F 10 Tf 100 700 TD 0 -20 TD (Ab) ' ET", "Ab", 100, 110, 140, 10),
        ("q 2 0 0 2 0 0 cm Q BT /F 10 Tf 100 700 Td (Ab) Tj ET", "Ab", 100, 110, 100, 10),
        ("/X Do", "Form", 50, 90, 740, 20),
    ],
)
def test_text_stands_where_the_operators_put_it(content, text, left, right, baseline, size):
    (run,) = drawn(content).runs
    assert run.text == text
    found = (run.left / POINT, run.right / POINT, run.y / POINT, run.size)
    assert found == pytest.approx((left, right, baseline, size), abs=1e-3)


def test_a_font_says_family_weight_and_slant():
    (run,) = drawn("BT /F 12 Tf 100 700 Td (Abc) Tj ET").runs
    assert run.font.family == "timesnewroman"
    assert (run.font.is_bold, run.font.is_italic, run.font.is_embedded, run.font.has_unicode) == (
        True,
        True,
        False,
        False,
    )


def test_a_turned_page_is_measured_as_it_is_seen():
    page = drawn("BT /F 12 Tf 0 1 -1 0 100 700 Tm (Abc) Tj ET", rotate=90)
    assert (page.width / POINT, page.height / POINT) == pytest.approx((800, 600))
    (run,) = page.runs
    assert run.is_level and (run.left / POINT, run.y / POINT) == pytest.approx((700, 100))
    (upright,) = drawn("BT /F 12 Tf 0 1 -1 0 100 700 Tm (Abc) Tj ET").runs
    assert not upright.is_level


@pytest.mark.parametrize(
    ("content", "boxes", "is_dashed"),
    [
        ("2 w 100 700 m 200 700 l S", [(100, 99, 200, 101)], False),
        ("[3 2] 0 d 1 w 100 700 m 200 700 l S", [(100, 99.5, 200, 100.5)], True),
        ("100 700 80 1 re f", [(100, 99, 180, 100)], False),
        ("100 700 80 50 re f", [], False),
        ("110 600 10 10 re n 1 w 100 700 m 200 700 l S", [(100, 99.5, 200, 100.5)], False),
        ("q 120 690 30 20 re W n 1 w 100 700 m 200 700 l S Q", [(120, 99.5, 150, 100.5)], False),
        ("q 300 690 30 20 re W n 1 w 100 700 m 200 700 l S Q", [], False),
        ("0 0 0 rg 101 601 98 98 re 100 600 100 100 re f*",
         [(100, 100, 200, 101), (100, 199, 200, 200), (100, 100, 101, 200), (199, 100, 200, 200)], False),
        ("100 700 m 200 600 l S", [], False),
        ("100 700 m 120 720 140 720 160 700 c S", [], False),
        ("q 100 699 5 2 re 110 699 5 2 re 120 699 5 2 re W n 100 699 25 2 re f Q", [(100, 99, 125, 101)], True),
    ],
)  # fmt: skip
def test_straight_lines_are_found_as_they_are_seen(content, boxes, is_dashed):
    strokes = drawn(content).strokes
    assert [tuple(edge / POINT for edge in stroke.box) for stroke in strokes] == [pytest.approx(box) for box in boxes]
    assert all(stroke.is_dashed == is_dashed for stroke in strokes)


@pytest.mark.parametrize(
    ("operators", "colour"),
    [("", (0.0,)), ("1 0 0 rg", (1, 0, 0)), ("0.5 g", (0.5,)), ("0 0 0 1 k", (0, 0, 0, 1)), ("/P scn", None)],
)
def test_the_colour_of_letters_is_kept(operators, colour):
    (run,) = drawn(f"{operators} BT /F 12 Tf 100 700 Td (Abc) Tj ET").runs
    assert run.colour == colour


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.7\n1 0 obj\n<<", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_told(data):
    with pytest.raises(UsageError, match="Không đọc được tệp như một PDF"):
        read_document(data)


def test_without_tags_the_heading_is_still_measured_and_paragraphs_are_not(profile_a, sample_a, linted):
    verdicts = linted(profile_a, changed(sample_a, lambda root, _: root.pop("/StructTreeRoot")))
    assert "access.tagged" in broken(verdicts)
    assert {verdicts[f"{name}.size"].state for name in ("national_name", "motto", "number", "kind")} == {"met"}
    assert {verdicts[f"body.{name}"].state for name in ("size", "justified", "between")} == {"not_applicable"}
    spoilt = pdf_of(profile_a, css(".motto { font-size: 12pt }"))
    assert "motto.size" in broken(linted(profile_a, changed(spoilt, lambda root, _: root.pop("/StructTreeRoot"))))


def test_a_breach_says_page_and_place(profile_a, linted):
    (check,) = linted(profile_a, css(".appendix_title { font-size: 12pt } .wide .appendix_title { font-size: 14pt }"))[
        "appendix_title.size"
    ].checks
    assert check.place is not None and check.found == "12 pt" and check.place.page == 3
    assert 60 < check.place.left < 90 and 20 < check.place.top < 40
    assert str(check.place).startswith("trang 3, cách mép trái ")


def test_text_that_is_covered_by_nothing_is_no_rule(profile_a, linted):
    """A line of a frame far below the motto is not the rule under it."""
    spoilt = Spoilt(css=".motto span { border: none } .head { border-bottom: 0.8pt solid }")
    assert broken(linted(profile_a, spoilt)) == {"motto.rule_below"}
