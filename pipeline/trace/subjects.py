"""What is summed from cells: indicators, measures of the forms, flows, poverty rates, counts of areas without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.trace.records import Records, Row


@dataclass(frozen=True)
class Subject:
    """A sum of measures over areas, or a quotient of two such sums taken over the areas that have both.

    Figures are paired at `level` (commune, district or city): an area with only a part of them is in no sum.
    Where is_paired is False each measure is summed on its own. Those in `subtracted` go in with a minus.
    kind says which mart holds the figure; zeros counts the districts, complete ones, that sum to nothing.
    """

    kind: Literal["indicator", "measure", "flow", "rate", "zeros", "opening_change", "contribution"]
    code: str
    name: str
    unit: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    scale: int = 1
    level: str = "district"
    decimals: int = 4
    min_significant: int | None = None
    is_rural_only: bool = False
    is_answer: bool = False  # reached or not, rather than counted
    is_paired: bool = True
    shown: Literal["", "numerator", "denominator"] = ""  # only this one of the two sums
    subtracted: frozenset[str] = frozenset()

    @property
    def measures(self) -> tuple[str, ...]:
        return self.numerator + self.denominator

    def part(self, role: str) -> tuple[str, ...]:
        return self.numerator if role == "numerator" else self.denominator


# figures of marts.poverty_rates and marts.areas_without that are no measure of a form
_POOR, _NEAR = "poor", "near_poor"
_RATES = {
    "poverty_rate": ("Tỷ lệ hộ nghèo", "{}_households", (_POOR,), "households"),
    "near_poverty_rate": ("Tỷ lệ hộ cận nghèo", "{}_households", (_NEAR,), "households"),
    "multidimensional_poverty_rate": ("Tỷ lệ nghèo đa chiều", "{}_households", (_POOR, _NEAR), "households"),
    "poverty_person_rate": ("Tỷ lệ nhân khẩu nghèo", "{}_persons", (_POOR,), "persons"),
    "near_poverty_person_rate": ("Tỷ lệ nhân khẩu cận nghèo", "{}_persons", (_NEAR,), "persons"),
    "multidimensional_poverty_person_rate": (
        "Tỷ lệ nhân khẩu nghèo đa chiều", "{}_persons", (_POOR, _NEAR), "persons",
    ),
    "minority_poverty_rate": (
        "Tỷ lệ hộ nghèo dân tộc thiểu số", "minority_{}_households", (_POOR,), "minority_households",
    ),
    "minority_near_poverty_rate": (
        "Tỷ lệ hộ cận nghèo dân tộc thiểu số", "minority_{}_households", (_NEAR,), "minority_households",
    ),
}  # fmt: skip
# printed as the indicator with the same numerator is, or with the last of several
_INDICATED_RATES = ("poverty_rate", "near_poverty_rate", "multidimensional_poverty_rate")
_ZEROS = {
    "areas_without_poor": ("Số địa bàn không còn hộ nghèo", "poor_households"),
    "areas_without_near_poor": ("Số địa bàn không còn hộ cận nghèo", "near_poor_households"),
}
UNITS_OF_FLOWS = ("households", "persons")
OPENINGS = {"poor_households": "poor_opening_households", "near_poor_households": "near_poor_opening_households"}


def find_subject(records: Records, text: str, area: str) -> Subject | None:
    """The subject called `text`, in any case of letters; a flow of marts.poverty_flows stands for its households.

    An indicator's code goes before the same code of a measure or a rate, where the indicator has such an area.
    """
    indicators, others = records.kept("subjects", lambda: _known(records))
    folded = text.casefold()
    other = others.get(folded) or others.get(f"{folded}_households")
    return indicators.get(folded) if folded in indicators and (area in records.areas or other is None) else other


def rates(records: Records) -> tuple[str, ...]:
    """Codes of the poverty rates and counts this programme's forms allow."""
    return tuple(subject.code for subject in (*_rates(records), *_zeros(records)))


def measure_subject(records: Records, code: str) -> Subject:
    row = records.measures[code]
    return Subject("measure", code, row["name_vi"], row["unit"], (code,), level=row["level"])


def _known(records: Records) -> tuple[dict[str, Subject], dict[str, Subject]]:
    """Indicators, and everything else, by folded code."""
    made = [*_flows(records), *(measure_subject(records, code) for code in records.measures)]
    made += [*_rates(records), *_zeros(records), *_changes(records)]
    answers = {
        row["indicator_code"]: "yes" in (row["year_op"], row["term_op"])
        for row in records.rows("marts.indicator_progress")
    }
    indicators = [_indicator(row, answers.get(code, False)) for code, row in records.indicators.items()]
    return {one.code.casefold(): one for one in indicators}, {one.code.casefold(): one for one in made}


def _rates(records: Records) -> Iterator[Subject]:
    printed: dict[str, Row] = {}
    for row in records.indicators.values():
        if row["denominator"] is not None:
            printed.setdefault(row["numerator"], row)
    for code, (name, pattern, stems, whole) in _RATES.items():
        numerator = tuple(pattern.format(stem) for stem in stems)
        if {*numerator, whole} <= set(records.measures):
            like = printed.get(numerator[-1]) if code in _INDICATED_RATES else None
            decimals, finest = (like["decimals"], like["min_significant"]) if like else (2, 2)
            yield Subject("rate", code, name, "%", numerator, (whole,), 100, "commune", decimals, finest)


def _zeros(records: Records) -> Iterator[Subject]:
    for code, (name, measure) in _ZEROS.items():
        if measure in records.measures:
            yield Subject("zeros", code, name, "", (measure,), level="district", decimals=0)


def _flows(records: Records) -> Iterator[Subject]:
    """Gross and net movements: sums of the changes of a class, which need not be measures of a form."""
    for row in records.movements:
        if row["role"] not in ("gross_decrease", "gross_increase", "net"):
            continue
        changes = [
            one for one in records.movements
            if one["class"] == row["class"] and one["role"] == "change"
            and (row["role"] == "net" or (one["sign"] < 0) == (row["role"] == "gross_decrease"))
        ]  # fmt: skip
        for unit in UNITS_OF_FLOWS:
            parts = tuple(f"{one['flow']}_{unit}" for one in changes if f"{one['flow']}_{unit}" in records.measures)
            if parts:
                minus = {f"{one['flow']}_{unit}" for one in changes if row["role"] == "net" and one["sign"] < 0}
                first = records.measures[parts[0]]
                subject = Subject(
                    "flow", f"{row['flow']}_{unit}", row["flow_print"], first["unit"], parts, level=first["level"],
                    is_paired=False, subtracted=frozenset(minus),
                )  # fmt: skip
                yield subject
                # the name of a measure is that of the measure; the flow is then asked by its own
                if unit == UNITS_OF_FLOWS[0] and subject.code in records.measures:
                    yield replace(subject, code=row["flow"])


def _changes(records: Records) -> Iterator[Subject]:
    """Closing less opening of the year, each summed on its own; as a contribution over the communes that gave both."""
    for closing, opening in OPENINGS.items():
        if {opening, closing} <= set(records.measures):
            about = records.measures[closing]
            change = Subject(
                "opening_change", f"{closing}.opening_change", f"{about['name_vi']}, tăng, giảm so với đầu năm",
                about["unit"], (closing, opening), level="commune", decimals=0, is_paired=False,
                subtracted=frozenset({opening}),
            )  # fmt: skip
            yield change
            name = f"{about['name_vi']}, đóng góp vào mức tăng, giảm so với đầu năm"
            yield replace(change, kind="contribution", code=f"{closing}.contribution", name=name, is_paired=True)


def _indicator(row: Row, is_answer: bool) -> Subject:
    return Subject(
        kind="indicator", code=row["indicator_code"], name=row["name_vi"], unit=row["unit"],
        numerator=(row["numerator"],), denominator=(row["denominator"],) if row["denominator"] else (),
        scale=row["scale"] or 1, level=row["pair_level"], decimals=row["decimals"],
        min_significant=row["min_significant"], is_rural_only=row["applies_to"] == "rural_areas",
        is_answer=is_answer,
    )  # fmt: skip
