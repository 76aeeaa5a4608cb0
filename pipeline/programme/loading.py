"""Reading raw/<programme>/: every mistake of a programme is found at once, and told in Vietnamese."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from pipeline.errors import ProgrammeError, UsageError
from pipeline.programme.tables import (
    Area,
    Assessment,
    DocumentHeading,
    Heading,
    Indicator,
    Measure,
    Owner,
    Row,
    Target,
)
from pipeline.quarters import Quarter, quarters_between
from pipeline.vietnamese import fold, strip_diacritics

TOP_AREA = "city"


@dataclass(frozen=True)
class Programme:
    """Everything of one folder under raw/ except the submissions themselves."""

    home: Path
    heading: Heading
    areas: tuple[Area, ...]
    owners: tuple[Owner, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    assessments: tuple[Assessment, ...]

    @property
    def id(self) -> str:
        return self.heading.id

    @property
    def folder(self) -> Path:
        return self.home / "raw" / self.id

    @property
    def title(self) -> str:
        return self.heading.title

    @property
    def short_title(self) -> str:
        return self.heading.short_title

    @property
    def document(self) -> DocumentHeading:
        return self.heading.document

    @cached_property
    def quarters(self) -> list[Quarter]:
        """Every quarter of the programme's term."""
        return quarters_between(Quarter(self.heading.first_year, 1), Quarter(self.heading.last_year, 4))

    def submissions_folder(self, quarter: Quarter) -> Path:
        return self.folder / "submissions" / str(quarter)

    def submitted_quarters(self) -> list[Quarter]:
        return [quarter for quarter in self.quarters if self.submissions_folder(quarter).is_dir()]

    def narrative(self, quarter: Quarter) -> str:
        """The hand-written Markdown of a quarter; empty where nobody wrote one."""
        path = self.folder / "narrative" / f"{quarter}.md"
        return normalise_lines(path.read_text(encoding="utf-8-sig")) if path.is_file() else ""

    def due_on(self, quarter: Quarter) -> date:
        return quarter.ends_on + timedelta(days=self.heading.due_days)

    def poverty_standard(self, quarter: Quarter) -> str | None:
        for standard in self.heading.poverty_standards:
            if standard.first_quarter <= str(quarter) <= standard.last_quarter:
                return standard.id
        return None

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    def districts(self, quarter: Quarter) -> list[Area]:
        return [area for area in self.areas if area.level == "district" and area.valid_on(quarter.ends_on)]

    def communes(self, district_code: str, quarter: Quarter) -> list[Area]:
        return [area for area in self.areas if area.parent_code == district_code and area.valid_on(quarter.ends_on)]

    def expected_reporters(self, quarter: Quarter) -> list[str]:
        """Codes of the districts, then of the agencies that owe a measure of their own this quarter."""
        agencies = {
            measure.reporter for measure in self.measures if measure.reported_by == "agency" and measure.due_in(quarter)
        }
        return [area.code for area in self.districts(quarter)] + [
            owner.code for owner in self.owners if owner.code in agencies
        ]

    def reporter_name(self, code: str) -> str:
        if code in self.area_by_code:
            return self.area_by_code[code].full_name
        return next((owner.name for owner in self.owners if owner.code == code), code)


def normalise_lines(text: str) -> str:
    """NFC line by line; the line breaks of Markdown stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


@dataclass(frozen=True)
class Programmes:
    """The programmes that load, and those that do not, each with all its mistakes."""

    loaded: tuple[Programme, ...]
    broken: dict[str, ProgrammeError]


RowType = TypeVar("RowType", bound=Row)
_KINDS_VI = {
    "missing": "thiếu",
    "extra_forbidden": "cột không có trong khai báo",
    "literal_error": "không thuộc danh sách cho phép",
    "bool_type": "chỉ nhận yes/no (có/không)",
    "bool_parsing": "chỉ nhận yes/no (có/không)",
    "int_parsing": "phải là số nguyên",
    "decimal_parsing": "phải là số",
    "date_from_datetime_parsing": "phải là ngày dạng 2024-01-12 hoặc 12/01/2024",
    "date_parsing": "phải là ngày dạng 2024-01-12 hoặc 12/01/2024",
    "string_too_short": "không được để trống",
    "string_type": "không được để trống",
    "string_pattern_mismatch": "sai dạng",
}


class Mistakes(list[str]):
    """Collected mistakes of one programme, each with file, line, column, found and expected."""

    def add(self, file: str, line: int | None, column: str, found: Any, expected: str) -> None:
        place = f"{file}" + (f", dòng {line}" if line else "") + (f", cột '{column}'" if column else "")
        self.append(f"{place}: thấy '{found}', cần: {expected}")


def read_table(folder: Path, name: str, row_type: type[RowType], mistakes: Mistakes) -> list[tuple[int, RowType]]:
    """Rows of a CSV with their line numbers; `,` or `;`, with or without BOM."""
    path = folder / name
    if not path.is_file():
        mistakes.add(name, None, "", "không có tệp", f"tệp {name} trong thư mục chương trình")
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        mistakes.add(name, None, "", "bảng mã khác", "lưu tệp ở dạng CSV UTF-8")
        return []
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows: list[tuple[int, RowType]] = []
    for record in reader:
        line = reader.line_num
        if not any(str(cell or "").strip() for cell in record.values()):
            continue
        if None in record:
            mistakes.add(name, line, "", "nhiều ô hơn số cột", "đặt trong ngoặc kép ô có dấu phân cách")
            continue
        # an empty cell takes the field's default, so that a column may be left out altogether
        given = {
            key: cell
            for key, cell in record.items()
            if cell or (key in row_type.model_fields and row_type.model_fields[key].is_required())
        }
        try:
            rows.append((line, row_type.model_validate(given)))
        except ValidationError as error:
            _add_validation(mistakes, name, line, error)
    return rows


def _add_validation(mistakes: Mistakes, file: str, line: int | None, error: ValidationError) -> None:
    for detail in error.errors():
        column = ".".join(str(part) for part in detail["loc"])
        expected = _KINDS_VI.get(detail["type"], detail["msg"])
        allowed = detail.get("ctx", {}).get("expected") if detail["type"] == "literal_error" else None
        found = detail["input"] if not isinstance(detail["input"], dict) else ""
        mistakes.add(file, line, column, found, f"{expected}: {allowed}" if allowed else expected)


def load_programme(home: Path, programme_id: str) -> Programme:
    """Read and validate raw/<programme_id>; ProgrammeError lists every mistake at once."""
    folder = home / "raw" / programme_id
    mistakes = Mistakes()
    heading: Heading | None = None
    try:
        document = yaml.safe_load((folder / "programme.yml").read_text(encoding="utf-8-sig"))
        heading = Heading.model_validate(document)
    except FileNotFoundError:
        mistakes.add("programme.yml", None, "", "không có tệp", "tệp khai báo chương trình")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        mistakes.add("programme.yml", mark.line + 1 if mark else None, "", "sai cú pháp YAML", "sửa cú pháp")
    except ValidationError as error:
        _add_validation(mistakes, "programme.yml", None, error)

    areas = read_table(folder, "areas.csv", Area, mistakes)
    owners = read_table(folder, "owners.csv", Owner, mistakes)
    measures = read_table(folder, "measures.csv", Measure, mistakes)
    indicators = read_table(folder, "indicators.csv", Indicator, mistakes)
    targets = read_table(folder, "targets.csv", Target, mistakes)
    assessments = read_table(folder, "assessments.csv", Assessment, mistakes)
    _check_references(areas, owners, measures, indicators, targets, assessments, mistakes)
    if heading is not None:
        if heading.id != programme_id:
            mistakes.add("programme.yml", None, "id", heading.id, f"tên thư mục '{programme_id}'")
        counted = sum(indicator.counted for _, indicator in indicators)
        if counted != heading.indicators_announced:
            mistakes.add(
                "indicators.csv", None, "counted", f"{counted} chỉ tiêu",
                f"{heading.indicators_announced} chỉ tiêu như đã công bố trong programme.yml",
            )  # fmt: skip
    if mistakes or heading is None:
        raise ProgrammeError(programme_id, mistakes)
    return Programme(
        home=home,
        heading=heading,
        areas=_rows(areas),
        owners=_rows(owners),
        measures=_rows(measures),
        indicators=_rows(indicators),
        targets=_rows(targets),
        assessments=_rows(assessments),
    )


def _rows(numbered: Iterable[tuple[int, RowType]]) -> tuple[RowType, ...]:
    return tuple(row for _, row in numbered)


def _check_references(
    areas: Sequence[tuple[int, Area]],
    owners: Sequence[tuple[int, Owner]],
    measures: Sequence[tuple[int, Measure]],
    indicators: Sequence[tuple[int, Indicator]],
    targets: Sequence[tuple[int, Target]],
    assessments: Sequence[tuple[int, Assessment]],
    mistakes: Mistakes,
) -> None:
    """Codes are unique and every code that is named exists."""
    for file, rows in (("areas.csv", areas), ("owners.csv", owners), ("measures.csv", measures)):
        seen: dict[str, int] = {}
        for line, row in rows:
            code = row.code
            if code in seen:
                mistakes.add(file, line, "code", code, f"mã không trùng với dòng {seen[code]}")
            seen[code] = line
    area_codes = {area.code for _, area in areas}
    owner_codes = {owner.code for _, owner in owners}
    measure_codes = {measure.code for _, measure in measures}
    indicator_codes = {indicator.code for _, indicator in indicators}

    def known(file: str, line: int, column: str, code: str | None, codes: set[str], what: str) -> None:
        if code is not None and code not in codes:
            mistakes.add(file, line, column, code, f"một mã có trong {what}")

    if TOP_AREA not in area_codes:
        mistakes.add("areas.csv", None, "code", "không có", f"một dòng mã '{TOP_AREA}' cho toàn địa bàn")
    for line, area in areas:
        known("areas.csv", line, "parent_code", area.parent_code, area_codes, "areas.csv")
    for line, measure in measures:
        known("measures.csv", line, "reporter", measure.reporter, owner_codes, "owners.csv")
        for part in measure.sum_of:
            known("measures.csv", line, "sum_of", part, measure_codes, "measures.csv")
        if (measure.reported_by == "agency") != (measure.reporter is not None):
            mistakes.add("measures.csv", line, "reporter", measure.reporter or "",
                         "mã cơ quan khi reported_by=agency, để trống khi reported_by=area")  # fmt: skip
    for line, indicator in indicators:
        known("indicators.csv", line, "numerator", indicator.numerator, measure_codes, "measures.csv")
        known("indicators.csv", line, "denominator", indicator.denominator, measure_codes, "measures.csv")
        known("indicators.csv", line, "owner", indicator.owner, owner_codes, "owners.csv")
        if (indicator.aggregation in ("ratio_of_sums", "share_of_units")) != (indicator.denominator is not None):
            mistakes.add("indicators.csv", line, "denominator", indicator.denominator or "",
                         "mẫu số cho ratio_of_sums và share_of_units, để trống cho loại khác")  # fmt: skip
    for line, target in targets:
        known("targets.csv", line, "indicator", target.indicator, indicator_codes, "indicators.csv")
        known("targets.csv", line, "area", target.area, area_codes, "areas.csv")
        known("targets.csv", line, "measure", target.measure, measure_codes, "measures.csv")
        if target.value is None and target.op != "yes":
            mistakes.add("targets.csv", line, "value", "", f"một số cho op={target.op}")
        if (target.op == "range") != (target.high is not None):
            mistakes.add("targets.csv", line, "high", target.high or "", "cận trên khi và chỉ khi op=range")
        if target.scope in ("year", "term_end") and target.year is None:
            mistakes.add("targets.csv", line, "year", "", f"năm cho scope={target.scope}")
    for line, assessment in assessments:
        known("assessments.csv", line, "indicator", assessment.indicator, indicator_codes, "indicators.csv")


def programme_ids(home: Path) -> list[str]:
    """Folders under raw/ that hold a programme.yml, in order."""
    return sorted(path.parent.name for path in (home / "raw").glob("*/programme.yml"))


def load_programmes(home: Path) -> Programmes:
    """Load every programme under raw/; a broken one is reported beside the others."""
    loaded: list[Programme] = []
    broken: dict[str, ProgrammeError] = {}
    for programme_id in programme_ids(home):
        try:
            loaded.append(load_programme(home, programme_id))
        except ProgrammeError as error:
            broken[programme_id] = error
    return Programmes(tuple(loaded), broken)


def find_programme(home: Path, text: str) -> Programme:
    """The programme whose id is `text`, or the only one whose id begins with it."""
    ids = programme_ids(home)
    wanted = strip_diacritics(text).replace(" ", "_")
    matches = [text] if text in ids else [known for known in ids if known.startswith(wanted)]
    if len(matches) != 1:
        listing = ", ".join(ids) or f"chưa có chương trình nào trong {home / 'raw'}"
        raise UsageError(f"Không rõ chương trình '{text}'. Các chương trình hiện có: {listing}.")
    return load_programme(home, matches[0])


def name_index(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    """folded spelling -> codes that go by it; a spelling of two codes is ambiguous, never guessed."""
    index: dict[str, set[str]] = {}
    for code, spellings in names:
        for spelling in spellings:
            index.setdefault(fold(spelling), set()).add(code)
    return index
