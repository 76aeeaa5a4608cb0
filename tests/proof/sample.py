"""A small document that obeys every rule of a profile, laid out from the profile's own numbers, and how to spoil it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from pipeline.briefing.paper.fonts import load_fonts
from pipeline.proof.profile import Profile, Rule

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"
MOMENT = datetime(2030, 1, 2, tzinfo=UTC)
TYPEFACES = load_fonts(REPORTS)
FONTS = FontConfiguration()
FACES = CSS(
    string="".join(
        f"@font-face {{ font-family: 'Times New Roman'; font-weight: {face.weight}; font-style: {face.style};"
        f" src: url({(TYPEFACES.folder / face.file).as_uri()}) }}\n"
        for face in TYPEFACES.faces
    ),
    font_config=FONTS,
)
CHART = "data:image/svg+xml," + "%3Csvg xmlns='http://www.w3.org/2000/svg' width='60' height='20'/%3E"
SENTENCE = "Kết quả của kỳ này được tổng hợp từ báo cáo của các đơn vị, so với kế hoạch và cùng kỳ năm trước. "
ROWS = [f"<tr><td>{row}</td><td>Đơn vị {row}</td><td>{row * 11}</td></tr>" for row in range(1, 6)]
HEADS = "<tr><th>TT</th><th>Đơn vị</th><th>Số hộ</th></tr>"
BROAD_TABLE = f"<table><caption>Số hộ</caption><thead>{HEADS}</thead><tbody>{ROWS[0]}</tbody></table>"
REFERENCE = (
    """<p class="appendix_reference">(Kèm theo Báo cáo số &nbsp; /BC-VP ngày &nbsp; tháng &nbsp; năm &nbsp; )</p>"""
)
LINES = {
    "body": "p, li",
    "part": "h2",
    "part_title": ".part-title",
    "section": "h3",
    "clause": "h4",
    "heading": ".plain-heading",
    "point": ".point",
    "table_text": "table",
    "table_note": ".note",
    "appendix": ".appendix h1",
    "page_number": "@page",
}  # where a component is set by a plain selector; the others have a class of their own name


def middle(profile: Profile, component: str, name: str, default: float) -> float:
    """A number that meets a rule: halfway between its bounds, or its first value."""
    rule = profile.by_id[component].rules.get(name, Rule()) if component in profile.by_id else Rule()
    if rule.values:
        return rule.values[0]
    bounds = [bound for bound in (rule.min, rule.max) if bound is not None]
    return sum(bounds) / len(bounds) if bounds else default


def style_sheet(profile: Profile) -> str:
    """Sizes, styles and capitals of every component as its rules ask, and the margins of the sheet."""
    margins = " ".join(
        f"{middle(profile, 'paper', f'margin_{edge}', 20):.3f}mm" for edge in ("top", "right", "bottom", "left")
    )
    number_size = middle(profile, "page_number", "size", 13.5)
    size = middle(profile, "body", "size", 13.5)
    rules = []
    for component in profile.components:
        style = component.rules.get("style", Rule())
        declared = [f"font-size: {middle(profile, component.id, 'size', 13.5):.3f}pt"]
        declared += [f"font-weight: {'bold' if style.weight == 'bold' else 'normal'}"] if style.weight else []
        declared += [f"font-style: {'italic' if style.slant == 'italic' else 'normal'}"] if style.slant else []
        selector = LINES.get(component.id, f".{component.id}")
        if selector != "@page":
            rules.append(f"{selector} {{ {'; '.join(declared)} }}")
    top = middle(profile, "paper", "margin_top", 20)
    return f"""
@page {{ size: A4; margin: {margins}; font-family: 'Times New Roman';
  @top-center {{ content: counter(page); font-size: {number_size}pt; vertical-align: top; line-height: 1.107;
    padding-top: {middle(profile, "page_number", "from_top", top / 2):.2f}mm; height: {top / 2 - 1}mm }} }}
@page :first {{ @top-center {{ content: none }}
  @bottom-left {{ content: 'Địa chỉ: số 1, đường Một; điện thoại: 000'; width: 100%; border-top: 0.8pt solid;
    font-size: {middle(profile, "contact", "size", 11.5)}pt; text-align: left; vertical-align: top }} }}
@page wide {{ size: A4 landscape; margin: {margins} }}
@page tall {{ size: A4; }}
@page :nth(1 of wide) {{ counter-reset: page 1 }}
@page :nth(1 of tall) {{ counter-reset: page 1 }}
html {{ font: {size}pt 'Times New Roman'; line-height: {1.1 * profile.single_spacing}; color: black }}
body, h1, h2, h3, h4 {{ margin: 0; font-size: {size}pt }}
p, li, h2, h3, h4 {{ margin: 0 0 {middle(profile, "body", "between", 6)}pt; text-align: justify;
  text-indent: {middle(profile, "body", "first_line", 10)}mm }}
ul {{ margin: 0; padding: 0; list-style: none }}
.columns {{ display: table; width: 100%; table-layout: fixed }}
.columns > div {{ display: table-row }}
.columns > div > div {{ display: table-cell; text-align: center; vertical-align: top }}
.columns > div > div:first-child {{ width: 42% }}
.head > div > div {{ padding-bottom: 6pt }}
.rule {{ border-top: 0.8pt solid; margin: 1pt auto 0; width: 15mm }}
.motto span, .party_name span {{ display: inline-block; border-bottom: 0.8pt solid }}
.motto {{ line-height: 1.1 }}
.mark {{ border: 0.8pt solid; margin: 1mm auto; padding-top: 0.6mm; box-sizing: border-box; text-align: center;
  font-weight: bold }}
.kind, .subject, .subject_note, .subject_dashes, h2, .part-title {{ text-align: center; text-indent: 0;
  margin-bottom: 0 }}
.after-subject {{ width: 45mm; margin-bottom: 6pt }}
.addressee {{ text-align: left; text-indent: 0; padding-left: 40mm }}
.addressee .to-whom {{ display: inline-block; width: 30mm; margin-left: -30mm; text-align: right }}
table {{ width: 100%; border-collapse: collapse; margin-bottom: 6pt }}
td, th {{ border: 0.6pt solid; padding: 1pt 3pt }}
caption {{ padding-bottom: 2pt }}
.note {{ font-style: italic; text-indent: 0 }}
.room {{ height: 36mm }}
.closing {{ margin-top: 8pt; break-inside: avoid }}
.closing > div > div:first-child {{ text-align: left; width: 50% }}
.underlined span {{ display: inline-block; border-bottom: 0.6pt solid; line-height: 1 }}
.appendix {{ break-before: page }}
.appendix h1, .appendix_title, .appendix_reference {{ text-align: center; text-indent: 0; margin: 0 }}
.appendix_title, .part-title {{ font-weight: bold }}
.long td {{ height: 50mm }}
figure {{ margin: 0 }} figure img {{ height: {45 if "motto" in profile.by_id else 85}mm }}
.grid {{ break-inside: avoid }}
.tall {{ page: tall }} .wide {{ page: wide }}
{chr(10).join(rules)}
"""


def body_of(profile: Profile) -> str:
    """The contents; components that a profile does not know are left out."""
    has = profile.by_id.__contains__
    is_party = not has("motto")
    first, second = ("1", "2") if is_party else ("I", "II")
    start = "<h2 class='plain-heading'>Tình hình</h2>"
    if has("part"):
        start = "<h2>Phần I</h2><p class='part-title'>TÌNH HÌNH CHUNG</p><h3 class='plain-heading'>Tóm tắt</h3>"
    marks = "".join(
        f'<div class="{component} mark" style="width: {width}mm; height: {height}mm">{words}</div>'
        for component, words, width, height in (
            ("circulation", "LƯU HÀNH NỘI BỘ", 50, 8), ("urgency_flash", "HỎA TỐC", 30, 8),
            ("urgency_high", "THƯỢNG KHẨN", 40, 8), ("urgency", "KHẨN", 20, 8),
        )
        if has(component)
    )  # fmt: skip
    if is_party:
        right = '<div class="party_name"><span>ĐẢNG CỘNG SẢN VIỆT NAM</span></div>'
        under_issuer, number, under_subject = (
            '<div class="asterisk">*</div>',
            "Số 05-BC/VP",
            '<p class="subject_dashes">-----</p>',
        )
    else:
        right = """<div class="national_name">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</div>
            <div class="motto"><span>Độc lập - Tự do - Hạnh phúc</span></div>"""
        under_issuer, number = '<div class="rule"></div>', "Số: 05/BC-VP"
        under_subject = '<div class="rule after-subject"></div>'
    authority = "T/M BAN CHỈ ĐẠO" if is_party else "KT. GIÁM ĐỐC"
    grounds = '<p class="grounds">Căn cứ Luật thứ nhất;</p><p class="grounds">Căn cứ Luật thứ hai.</p>'
    addressee = """<p class="addressee"><span class="to-whom">Kính gửi:</span><br>- Cơ quan thứ nhất;<br>
        - Cơ quan thứ hai.</p>"""
    return f"""
<div class="columns head">
<div><div><div class="parent_body">ỦY BAN CẤP TRÊN</div><div class="issuing_body">BAN THỬ NGHIỆM</div>
{under_issuer}</div><div>{right}</div></div>
<div><div><span class="number">{number}</span></div>
<div><span class="place_and_date">Huế, ngày 05 tháng 4 năm 2030</span></div></div></div>
{marks}
<h1 class="kind">BÁO CÁO</h1>
<p class="subject">Kết quả thực hiện chương trình thử nghiệm quý IV năm 2029</p>{under_subject}
<p class="subject_note">(Số liệu đến 02/01/2030)</p>
{grounds if has("grounds") else ""}{addressee if has("addressee") else ""}
<p>{SENTENCE}Chi tiết ở Phụ lục {first}, {second}.</p>
{start}
<h3>I. CÔNG TÁC CHỈ ĐẠO</h3>
<h4>1. Việc đã làm</h4>
<p class="second">{SENTENCE}</p>
<figure><img src="{CHART}" alt="Số hộ giảm so với kỳ trước"></figure>
<ul><li>- {SENTENCE}</li></ul>
<p>{SENTENCE}</p><p>{SENTENCE}</p>
<h4>2. Kết quả</h4>
<p>{SENTENCE}</p>
<p class="point a">a) {SENTENCE}</p><p class="point b">b) {SENTENCE}</p>
<h3>II. KẾT QUẢ THỰC HIỆN</h3>
<h4>1. Bảng và hình</h4>
<table class="grid"><caption>Số hộ theo đơn vị</caption><thead>{HEADS}</thead>
<tbody><tr><td>1</td><td>Đơn vị 1</td><td>1.234</td></tr><tr><td>2</td><td>Đơn vị 2</td><td>…</td></tr></tbody></table>
<p class="note">Ghi chú: "…" chưa có số liệu.</p>
<p>Tỷ lệ đạt 16,6% kế hoạch, giảm 1.234 hộ so với ngày 05/4/2029, tính đến ngày 15 tháng 12 năm 2029.</p>
<h3>III. KIẾN NGHỊ</h3>
<p class="sixth">{SENTENCE}</p>
<p class="last">{SENTENCE}</p>
<div class="columns closing"><div><div><div class="recipients_head underlined"><span>Nơi nhận:</span></div>
<div class="recipients">- Cơ quan cấp trên;</div><div class="recipients">- Lưu: VT, VP.</div>
<div style="height: 14pt"></div><div class="typist">VP.05</div></div>
<div><div class="signatory_title">{authority}</div><div class="signatory_title">PHÓ GIÁM ĐỐC</div>
<div class="room"></div><div class="signatory_name">Nguyễn Văn A</div></div></div></div>
<section class="appendix tall"><h1>Phụ lục {first}</h1><p class="appendix_title">SỐ LIỆU THEO ĐƠN VỊ</p>{REFERENCE}
<table class="long"><thead><tr><th colspan="3">Số hộ theo từng đơn vị</th></tr>{HEADS}</thead>
<tbody>{"".join(ROWS)}</tbody></table></section>
<section class="appendix wide"><h1>Phụ lục {second}</h1><p class="appendix_title">BẢNG RỘNG</p>{REFERENCE}
{BROAD_TABLE}</section>
"""


@dataclass(frozen=True)
class Spoilt:
    """One thing done wrongly: style rules added, words replaced, or the writer of the PDF set otherwise."""

    css: str = ""
    swaps: tuple[tuple[str, str], ...] = ()
    variant: str = "pdf/a-3a"


@cache
def _parsed(css: str) -> CSS:
    return CSS(string=css, font_config=FONTS)


def _sheet(profile: Profile) -> CSS:
    """Parsed once for all the documents of a profile; what is spoilt stands in the document and overrides it."""
    return _parsed(style_sheet(profile))


def pdf_of(profile: Profile, spoilt: Spoilt = Spoilt(), attached: bytes = b"{}") -> bytes:
    """The sample as PDF, with what is spoilt; `attached` is its inputs.json."""
    html = f"""<html lang="vi"><head><title>Báo cáo thử nghiệm</title><style>{spoilt.css}</style></head>
<body>{body_of(profile)}</body></html>"""
    for old, new in spoilt.swaps:
        assert old in html, old
        html = html.replace(old, new, 1)
    record = Attachment(
        file_obj=BytesIO(attached), name="inputs.json", description="thử", created=MOMENT, modified=MOMENT,
        relationship="Source",
    )  # fmt: skip
    pdf = HTML(string=html).write_pdf(
        font_config=FONTS,
        stylesheets=[FACES, _sheet(profile)],
        pdf_variant=spoilt.variant,
        pdf_tags=True,
        pdf_identifier=b"0" * 16,
        attachments=[record],
    )
    return bytes(pdf)
