"""The forms of a random programme and the figures on them, each figure from a seed and its own place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import ClassVar

from .poverty import MOVEMENTS, UNITS
from .reading import Row


class Tables(dict[str, list[Row]]):
    """Raw tables; a failing example is shown without its cells, which follow from the rest."""

    def __repr__(self) -> str:
        told = {name: rows for name, rows in self.items() if name not in ("quarters", "measures", "observations")}
        return f"{told} and {len(self.get('observations', []))} cells"


@dataclass(frozen=True)
class Measures:
    rows: list[Row]
    parts: list[Row]


def _measures() -> Measures:
    def measure(code: str, level: str, form: str, kind: str = "stock", frequency: str = "quarterly") -> Row:
        by = {"reported_by": "agency", "reporter": "so"} if level == "city" else {"reported_by": "area"}
        return {"code": code, "level": level, "form": form, "period_kind": kind, "frequency": frequency, **by}

    rows = [measure(code, "district", "bieu01") for code in ("stock_a", "stock_b")]
    rows += [measure(code, "district", "bieu01", "flow") for code in ("flow_a", "flow_b")]
    rows += [measure("stock_yearly", "district", "bieu01", "stock", "yearly"), measure("stock_sum", "district", "")]
    rows += [measure("city_stock", "city", "bieu05"), measure("city_base", "city", "bieu05")]
    rows += [
        measure("city_flow", "city", "bieu05", "flow"),
        measure("city_yearly", "city", "bieu05", "stock", "yearly"),
    ]
    for form, movements in zip(("bieu02", "bieu03"), MOVEMENTS.values(), strict=True):
        for flow, way in movements.items():
            if "other" in flow or "returned" in flow:
                continue  # a programme need not ask for every movement
            rows += [measure(f"{flow}_{unit}", "commune", form, "flow" if way else "stock") for unit in UNITS]
    counted = ("households", "persons", "minority_households", "minority_poor_households")
    rows += [measure(code, "commune", "bieu04") for code in (*counted, "minority_near_poor_households")]
    rows.append(measure("lifted", "commune", "", "flow"))
    parts = {
        "stock_sum": ("stock_a", "flow_a"),
        "lifted": ("poor_to_near_poor_households", "poor_above_near_poor_households"),
    }
    return Measures(rows, [{"measure_code": whole, "part_code": part} for whole in parts for part in parts[whole]])


MEASURES = _measures()
DECIMALS = ("0.1", "0.3", "12.3456", "0.0001", "-2", "7.5", "1.1")
WHOLES = ("households", "persons", "stock_b", "city_base")
SIGNED = ("flow_a", "city_flow", "city_stock")  # a change may be below nothing, what is divided by may not
FORMS = ("bieu01", "bieu02", "bieu03", "bieu04")


@dataclass(frozen=True)
class Contents:
    """Writes files: `mix` weighs a value, zero, nothing, not applicable, a fraction and no row at all."""

    seed: int
    mix: tuple[int, ...]
    areas: list[Row]

    MIXES: ClassVar = (
        (1, 0, 0, 0, 0, 0),
        (9, 1, 0, 0, 0, 0),
        (20, 1, 0, 0, 1, 0),
        (12, 2, 1, 1, 1, 0),
        (12, 2, 2, 0, 1, 2),
        (4, 2, 3, 1, 2, 0),
        (2, 1, 1, 6, 0, 0),
        (3, 5, 1, 1, 0, 0),
        (4, 1, 1, 3, 1, 3),
    )
    KINDS: ClassVar = (*["whole"] * 10, "some_refused", "refused", "unreadable", "gone", "older", "partly_older")

    def write(self, tables: Tables, quarter: Row, reporter: str, version: str, kind: str) -> None:
        """One file: its submission, its forms and their cells."""
        file = {"quarter": quarter["quarter"], "sha256": f"{reporter}-{version}", "file": f"{reporter}-{version}.xlsx"}
        if kind == "gone":
            return
        is_agency = reporter == "so"
        said = None if kind == "unreadable" else reporter
        submission = {"reporter": said, "reporter_kind": "agency" if is_agency else "area"}
        is_accepted = kind not in ("unreadable", "refused")
        tables.setdefault("submissions", []).append(file | submission | {"is_accepted": is_accepted})
        if kind == "unreadable":
            return
        for form in ("bieu05",) if is_agency else FORMS:
            chance = Random(f"{self.seed}/{file}/{form}")
            accepted = kind != "refused" and not (kind == "some_refused" and chance.random() < 0.5)
            is_older = kind == "older" or (kind == "partly_older" and chance.random() < 0.5)
            month = quarter["first_month"] if is_older else quarter["last_month"]
            month = None if not accepted and chance.random() < 0.3 else month
            place = file | {"sheet": f"Biểu {form[-2:]}", "form": form, "reporter": reporter, "month": month}
            tables.setdefault("forms", []).append(place | {"is_accepted": accepted})
            if month is not None:
                self._fill(tables.setdefault("observations", []), place, quarter, reporter)

    def _fill(self, cells: list[Row], place: Row, quarter: Row, reporter: str) -> None:
        for measure in MEASURES.rows:
            if measure["form"] != place["form"]:
                continue
            early = measure["frequency"] == "yearly" and quarter["number"] < 4
            for area in self._areas_of(measure["level"], reporter):
                chance = Random(f"{self.seed}/{place}/{measure['code']}/{area}")
                for series in ("actual", "last_year", "in_period"):
                    self._cell(cells, place, measure["code"], area, series, chance, early)

    def _areas_of(self, level: str, reporter: str) -> list[str]:
        if level == "commune":
            return [row["code"] for row in self.areas if row.get("parent_code") == reporter]
        return ["city"] if level == "city" else [reporter]

    def _cell(
        self, cells: list[Row], place: Row, measure: str, area: str, series: str, chance: Random, early: bool
    ) -> None:
        kind = chance.choices(("value", "zero", "missing", "not_applicable", "fraction", "no_row"), self.mix)[0]
        if early and chance.random() < 0.8:
            kind = "missing"
        if kind == "no_row":
            return
        is_value = kind in ("value", "zero", "fraction")
        value = Decimal(0) if kind == "zero" else Decimal(chance.randint(1, 9))
        if kind == "fraction":
            value = Decimal(chance.choice(DECIMALS))
        if measure not in SIGNED:
            value = abs(value)
        if measure in WHOLES:
            value = 3 * value
        month = place["month"]
        if series == "last_year" and chance.random() < 0.7:
            month = f"{int(month[:4]) - 1}{month[4:]}"
        cell = place | {
            "cell": f"{series}!{measure}!{area}",
            "measure": measure,
            "area_code": area,
            "month": month,
            "series": series,
            "value": value if is_value else None,
            "state": "value" if is_value else "missing" if kind == "missing" else "not_applicable",
            "qualifier": chance.choices(("", "khoảng", "~", "ước", "ước đạt", ">"), (20, 1, 1, 1, 1, 1))[0],
        }
        cells.append(cell)
        if chance.random() < 0.05:  # the same figure stands in a second cell: alike, another, or left empty
            other = chance.choice((cell["value"], Decimal(8), None))
            state = "missing" if other is None else "value"
            cells.append(cell | {"cell": f"{cell['cell']}!2", "value": other, "state": state})
        if chance.random() < 0.02 and area != "city":  # and one stands where its measure is not asked for
            cells.append(cell | {"cell": f"{cell['cell']}!3", "area_code": "city"})
