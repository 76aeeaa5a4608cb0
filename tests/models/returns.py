"""A small programme and what was sent to it, as the raw tables intake would write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Rows = list[dict[str, Any]]


def quarter_row(year: int, number: int, **more: Any) -> dict[str, Any]:
    last = 3 * number
    before = (year, number - 1) if number > 1 else (year - 1, 4)
    following = date(year + last // 12, last % 12 + 1, 1)
    return {
        "quarter": f"{year}-Q{number}",
        "year": year,
        "number": number,
        "first_month": f"{year}-{last - 2:02}",
        "last_month": f"{year}-{last:02}",
        "ends_on": date.fromordinal(following.toordinal() - 1),
        "due_on": following.replace(day=5),
        "previous_quarter": f"{before[0]}-Q{before[1]}",
        "same_quarter_last_year": f"{year - 1}-Q{number}",
        "previous_year_end": f"{year - 1}-Q4",
        "poverty_standard": "chuan",
        **more,
    }


@dataclass
class Returns:
    """Districts 01 (urban), 02 and 03 (rural) of one city; forms of each, in the order they were sent."""

    standards: Mapping[int, str] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.add("programme", id="thu", first_year=2021, last_year=2025, due_days=5, outlier_factor=5, outlier_floor=50)
        for year in range(2021, 2026):
            for number in range(1, 5):
                standard = self.standards.get(year, "chuan")
                self.tables.setdefault("raw.quarters", []).append(quarter_row(year, number, poverty_standard=standard))
        self.area("city", level="city", is_urban=None, parent_code=None)
        self.area("01", is_urban=True, kind="quan", sort=1)
        self.area("02", is_urban=False, kind="huyen", sort=2)
        self.area("03", is_urban=False, kind="thi_xa", sort=3)
        self.add("owners", code="so", name="Sở", short_name="Sở")

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(f"raw.{table}", []).append(row)

    def area(self, code: str, **more: Any) -> None:
        row = {"level": "district", "parent_code": "city", "kind": "huyen", "is_urban": False, "sort": 0}
        self.add("areas", **{"code": code, "name": code, "full_name": f"Đơn vị {code}", **row, **more})

    def communes(self, district: str, *codes: str, is_urban: bool = False) -> None:
        for sort, code in enumerate(codes):
            self.area(code, level="commune", parent_code=district, is_urban=is_urban, kind="xa", sort=sort)

    def measure(self, code: str, **more: Any) -> None:
        row = {
            "period_kind": "stock",
            "level": "district",
            "reported_by": "area",
            "frequency": "quarterly",
            "unit": "hộ",
        }
        self.add("measures", **{"code": code, **row, **more})

    def indicator(self, code: str, numerator: str, denominator: str | None = None, **more: Any) -> None:
        row = {
            "name_vi": code,
            "sort": len(self.tables.get("raw.indicators", [])) + 1,
            "is_counted": True,
            "unit": "%" if denominator else "hộ",
            "direction": "higher",
            "aggregation": "ratio_of_sums" if denominator else "sum",
            "scale": 100 if denominator else 1,
            "frequency": "quarterly",
            "owner": "so",
            "decimals": 1,
            "applies_to": "all",
            "minimum_coverage": 0.5,
            "basis": "published",
        }
        self.add("indicators", **{"code": code, "numerator": numerator, "denominator": denominator, **row, **more})

    def target(self, indicator: str, scope: str, op: str, value: float | None, **more: Any) -> None:
        line = len(self.tables.get("raw.targets", [])) + 2
        row = {"basis": "published", "document": "Kế hoạch", "line": line}
        self.add("targets", **{"indicator_code": indicator, "scope": scope, "op": op, "value": value, **row, **more})

    def assess(self, quarter: str, indicator: str, status: str, **more: Any) -> None:
        self.add("assessments", **{"quarter": quarter, "indicator_code": indicator, "status": status, **more})

    def receive(self, quarter: str, sha256: str, reporter: str, **more: Any) -> None:
        """One more row of the register; the same bytes may come again."""
        seq = 1 + sum(row["quarter"] == quarter for row in self.tables.get("raw.receipts", []))
        row = {
            "seq": seq,
            "file": f"{sha256}.xlsx",
            "received_on": date(2020, 1, 1),
            "sent_by": reporter,
            "basis": "reported",
            "is_registered": True,
        }
        self.add("receipts", **{"quarter": quarter, "sha256": sha256, **row, **more})

    def send(
        self,
        quarter: str,
        reporter: str,
        figures: Mapping[str, Any],
        *,
        sha256: str | None = None,
        form: str = "bieu01",
        month: str | None = None,
        accepted: bool = True,
        **receipt: Any,
    ) -> str:
        """A file with one form. A figure's key is `measure[@area][:series][#cell]`; its value a number,
        None (empty), "x" (not applicable) or a (number, qualifier) pair. Without @area: the reporter."""
        sha256 = sha256 or f"sha-{len(self.tables.get('raw.receipts', []))}"
        year, number = quarter.split("-Q")
        place = {"quarter": quarter, "sha256": sha256, "file": f"{sha256}.xlsx"}
        month = month or f"{year}-{3 * int(number):02}"
        sheet = f"Biểu {form[-2:]}"
        self.receive(quarter, sha256, reporter, **receipt)
        if not any(
            row["quarter"] == quarter and row["sha256"] == sha256 for row in self.tables.get("raw.submissions", [])
        ):
            self.add("submissions", **place, reporter=reporter, is_accepted=accepted)
        rows = {"rows_read": 3, "rows_used": 1, "rows_recognised": 1, "rows_set_aside": 1}
        self.add(
            "forms",
            **place,
            sheet=sheet,
            form=form,
            reporter=reporter,
            month=month,
            is_accepted=accepted,
            **rows,
        )
        for number_in_form, (key, figure) in enumerate(figures.items(), start=10):
            key, _, cell = key.partition("#")
            key, _, series = key.partition(":")
            measure, _, area = key.partition("@")
            value, qualifier = figure if isinstance(figure, tuple) else (figure, "")
            state = "missing" if value is None else "not_applicable" if value == "x" else "value"
            self.add(
                "observations",
                **place,
                sheet=sheet,
                cell=cell or f"E{number_in_form}",
                form=form,
                reporter=reporter,
                measure=measure,
                area_code=area or reporter,
                month=month,
                series=series or "actual",
                value=value if state == "value" else None,
                state=state,
                raw_text=str(value),
                qualifier=qualifier,
            )
        return sha256

    def send_all(self, quarter: str, **figures: tuple[Any, Any, Any]) -> None:
        """Every district sends one file: `measure=(of 01, of 02, of 03)`."""
        for position, district in enumerate(("01", "02", "03")):
            self.send(quarter, district, {measure: values[position] for measure, values in figures.items()})
