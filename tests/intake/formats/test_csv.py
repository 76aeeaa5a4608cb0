"""csv and tsv: separators, quotes, encodings, and text that is no table."""

from __future__ import annotations

import pytest

from pipeline.findings import RefusedError
from pipeline.intake.cells import read_sheets


def rows(content: bytes) -> list[list[object]]:
    (sheet,) = read_sheets(content)
    return [list(values) for values in sheet.rows]


def test_a_comma_is_a_decimal_sign_where_another_separator_parts_the_lines():
    assert rows("Xã;Số hộ;Tỷ lệ\nA;1.234;0,16\nB;7;1,5\n".encode())[1:] == [["A", "1.234", "0,16"], ["B", "7", "1,5"]]


def test_a_title_block_above_the_table_does_not_hide_the_separator():
    title = "UBND QUẬN ĐÔNG\nBIỂU SỐ LIỆU, QUÝ IV\n\n(Kèm theo Báo cáo số 1; ngày 05/01)\n"
    read = rows(f"{title}STT,Xã,Số hộ\n1,A,10\n2,B,20\n3,C,30\n4,D,40\n5,E,50\n".encode())
    assert read[5] == ["1", "A", "10"]
    assert read[0] == ["UBND QUẬN ĐÔNG"]
    assert read[2] == []


def test_quotes_hold_separators_quotes_and_line_ends():
    assert rows(b'a;b;c\r\n"x;y";"he said ""no""";"two\r\nlines"\r\n') == [
        ["a", "b", "c"],
        ["x;y", 'he said "no"', "two\r\nlines"],
    ]


def test_the_separator_the_file_itself_names_is_believed():
    assert rows(b"sep=|\r\na|b;c\r\n1|2;3\r\n") == [["a", "b;c"], ["1", "2;3"]]


def test_empty_fields_and_lines_keep_their_places():
    assert rows(b"a;;c\n\n;;3\n") == [["a", "", "c"], [], ["", "", "3"]]


@pytest.mark.parametrize("encoding", ["cp1258", "TCVN3", "VNI"])
def test_text_of_one_byte_a_letter_is_read_by_its_words(encoding: str):
    lines = {
        "cp1258": b"Xa\xde;S\xf4\xec h\xf4\xf2 nghe\xcco\n\xd0\xf4\xecng \xd0a;10\nQu\xe2\xf2n Thanh Xu\xe2n;20\n",
        "TCVN3": "X·;Sè hé nghÌo\n§èng §a;10\nQuËn Thanh Xu©n;20\n".encode("cp1252"),
        "VNI": "Xaõ;Soá hoä ngheøo\nÑoáng Ña;10\nQuaän Thanh Xuaân;20\n".encode("cp1252"),
    }  # fmt: skip
    (sheet,) = read_sheets(lines[encoding])
    assert [list(values) for values in sheet.rows] == [
        ["Xã", "Số hộ nghèo"], ["Đống Đa", "10"], ["Quận Thanh Xuân", "20"],
    ]  # fmt: skip
    assert sheet.encoding == encoding.upper()
    assert not sheet.undecoded


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi quý cơ quan,\nchúng tôi xin gửi báo cáo.\nTrân trọng.\n",
        "một dòng\n",
        "chỉ tiêu\nkết quả\nghi chú\n",
        "Kính gửi: Sở A, Sở B, Sở C\nVề việc báo cáo.\nThực hiện công văn, chúng tôi báo cáo.\nTrân trọng.\nKý tên\n",
    ],
)
def test_text_that_is_no_table_is_refused(text: str):
    with pytest.raises(RefusedError) as refused:
        read_sheets(text.encode())
    assert refused.value.finding.found == "văn bản thường, không phải bảng"


def test_a_table_of_too_many_cells_is_refused():
    with pytest.raises(RefusedError) as refused:
        read_sheets((b"1;" * 399 + b"1\n") * 5_001)
    assert refused.value.finding.rule == "sheet-too-large"


def test_a_line_of_too_many_cells_is_cut_and_told():
    (sheet,) = read_sheets(b"a;b\n" + b";" * 600 + b"x\n1;2\n")
    assert sheet.beyond == (1, 600)
    assert [list(values) for values in sheet.rows] == [["a", "b"], [], ["1", "2"]]
