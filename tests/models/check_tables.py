"""The small tables a check passes or fails on: what one district sent, or one row of a grain."""

from datetime import date
from typing import Any

from .conftest import Tables
from .returns import Returns

Q3, Q4 = "2023-Q3", "2023-Q4"
BALANCED = {
    "poor_opening": 10,
    "poor_to_near_poor": 3,
    "poor_above_near_poor": 2,
    "poor_other_decrease": 1,
    "poor_from_near_poor": 1,
    "poor_returned": 0,
    "poor_new": 1,
    "poor_other_increase": 0,
    "poor": 6,
}


def ratio(part: Any, whole: Any, *, district: str = "02", **more: Any) -> Tables:
    returns = Returns()
    returns.measure("part")
    returns.measure("whole")
    returns.indicator("I", "part", "whole", **more)
    returns.send(Q4, district, {"part": part, "whole": whole})
    return returns.tables


def communes(
    figures: dict[str, Any],
    earlier: dict[str, Any] | None = None,
    quarter: str = Q4,
    before: str = "2022-Q4",
    **standards: Any,
) -> Tables:
    """Figures of commune 0201 (the only one of district 02), now and in an earlier quarter."""
    returns = Returns(**standards)
    returns.communes("02", "0201")
    for measure in dict.fromkeys(key.partition(":")[0] for key in [*figures, *(earlier or {})]):
        level = "district" if measure.startswith("declared") else "commune"
        kind = "flow" if "_to_" in measure or "_from_" in measure else "stock"
        returns.measure(measure, level=level, period_kind=kind)
    for label, values in ((quarter, figures), (before, earlier)):
        if values is not None:
            named = {
                key if key.startswith("declared") else f"{measure}@0201{colon}{series}": value
                for key, value in values.items()
                for measure, colon, series in (key.partition(":"),)
            }
            returns.send(label, "02", named)
    return returns.tables


def flow(now: dict[str, Any], before: dict[str, Any], quarter: str = Q4, earlier: str = Q3) -> Tables:
    """What district 02 says of one flow: key = series."""
    returns = Returns()
    returns.measure("jobs", period_kind="flow")
    for label, values in ((quarter, now), (earlier, before)):
        returns.send(label, "02", {f"jobs:{series}": value for series, value in values.items()})
    return returns.tables


def stock(now: int, before: int) -> Tables:
    """What district 02 says of one stock, now and in the quarter before."""
    returns = Returns()
    returns.measure("a")
    returns.send(Q4, "02", {"a": now})
    returns.send(Q3, "02", {"a": before})
    return returns.tables


def planned(stated: int, *, recorded: int = 5, op: str = "ge", measure: str | None = None) -> Tables:
    """The plan district 02 states for its flow, beside the plan on record for it."""
    returns = Returns()
    returns.measure("jobs", period_kind="flow")
    returns.indicator("J", "jobs")
    returns.add(
        "targets", indicator_code="J", scope="year", year=2023, area_code="02", op=op, value=recorded,
        measure=measure, line=2,
    )  # fmt: skip
    returns.send(Q4, "02", {"jobs": 1, "jobs:plan": stated})
    return returns.tables


def sent(**figures: Any) -> Tables:
    """District 02 sends figures; keys with `__` for the area: `a__01`."""
    returns = Returns()
    returns.communes("02", "0201", "0202")
    returns.measure("a")
    returns.measure("c", level="commune")
    returns.measure("m", level="city", reported_by="agency", reporter="so", frequency="yearly")
    returns.area("old", valid_to=date(2022, 12, 31))
    returns.send(Q4, "02", {key.replace("__", "@"): value for key, value in figures.items()})
    return returns.tables


def twice(second: int) -> Tables:
    returns = Returns()
    returns.measure("a")
    returns.send(Q4, "02", {"a#E10": 5, "a#E14": second})
    return returns.tables


def stated(value: float | None, denominator: int = 9, raw_text: str = "") -> Tables:
    tables = ratio(2, denominator)
    tables["raw.stated"] = [
        {
            "quarter": Q4,
            "sha256": "sha-0",
            "sheet": "Biểu 01",
            "cell": "E9",
            "form": "bieu01",
            "reporter": "02",
            "kind": "rate",
            "subject": "I",
            "area_code": "02",
            "month": "2023-12",
            "series": "actual",
            "value": value,
            "raw_text": raw_text,
        }
    ]
    return tables


def stated_total(value: float, *, second: int | None = 2, kind: str = "total") -> Tables:
    """District 02 prints a total over its two communes, of which the first reports 4."""
    returns = Returns()
    returns.communes("02", "0201", "0202")
    returns.measure("c", level="commune")
    returns.send(Q4, "02", {"c@0201": 4, "c@0202": second})
    row = {"quarter": Q4, "sha256": "sha-0", "sheet": "Biểu 01", "cell": "E9", "form": "bieu01", "reporter": "02"}
    more = {"kind": kind, "subject": "c", "area_code": "02", "month": "2023-12", "series": "actual", "value": value}
    returns.add("stated", **row, **more)
    return returns.tables


def corrected(old: float | None, **more: Any) -> Tables:
    returns = Returns()
    returns.measure("a")
    returns.send(Q4, "02", {"a": 5})
    row = {"quarter": Q4, "measure": "a", "area_code": "02", "series": "actual", "old_value": old, "new_value": 7}
    returns.add("corrections", **{**row, "reason": "ghi nhầm", "agreed_on": date(2024, 1, 10), **more})
    return returns.tables


def rows_of_a_form(read: int) -> Tables:
    returns = Returns()
    returns.send(Q4, "02", {"a": 1})
    returns.tables["raw.forms"][0]["rows_read"] = read
    return returns.tables


def a_receipt(*, with_submission: bool) -> Tables:
    returns = Returns()
    returns.send(Q4, "02", {"a": 1})
    if not with_submission:
        returns.tables["raw.submissions"].clear()
    return returns.tables


def from_agency(quarter: str) -> Tables:
    returns = Returns()
    returns.measure("m", level="city", reported_by="agency", reporter="so", frequency="yearly")
    returns.send(quarter, "so", {"m@city": 1}, form="bieu05")
    return returns.tables


def received(day: date, waived: str | None = None) -> Tables:
    """One file of district 01; 2023-Q4 is closed after 20 January, and `waived` is a rule let pass."""
    returns = Returns()
    returns.measure("a")
    for row in returns.tables["raw.quarters"]:
        row["locked_on"] = date(2024, 1, 20)
    returns.send(Q4, "01", {"a": 1}, sha256="A", received_on=day)
    if waived:
        agreed = {"reason": "bão", "agreed_by": "Sở", "agreed_on": date(2024, 1, 22)}
        returns.add("waivers", rule=waived, quarter=Q4, reporter="01", **agreed)
    return returns.tables


def grain(table: str, columns: str, *rows: str) -> Tables:
    return {table: f"(values {', '.join(rows)}) t ({columns})"}


def once_and_twice(table: str, columns: str, row: str) -> tuple[Tables, Tables, list[tuple[Any, ...]]]:
    area = "01" if "area_code" in columns else None
    subject = {"staging.areas": "01", "marts.poverty_rates": "chuan", "staging.observations": "a"}
    broken = [(Q4, area, subject.get(table, "I"), 2, 1)]
    return grain(table, columns, row), grain(table, columns, row, row), broken


BALANCED_FORM = {f"{stem}_households": value for stem, value in BALANCED.items()}
NEAR_POOR_FORM = {
    f"near_{stem}_persons".replace("near_poor_to_near_poor", "near_poor_to_poor")
    .replace("near_poor_above_near_poor", "near_poor_above")
    .replace("near_poor_from_near_poor", "near_poor_from_poor"): value
    for stem, value in BALANCED.items()
}
