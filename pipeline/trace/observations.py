"""The observations behind a figure: which cells stand for each unit, which units are left out, what was replaced."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.trace.subjects import Place, Records, Row, Subject

CORRECTIONS = "corrections.yml"
Role = Literal["numerator", "denominator"]
ROLES: dict[Role, str] = {"numerator": "tử số", "denominator": "mẫu số"}


@dataclass(frozen=True)
class Correction:
    """An agreed figure in place of the one the sender wrote."""

    original: Decimal | None
    reason: str
    agreed_by: str
    agreed_on: date | None


@dataclass(frozen=True)
class Cell:
    """One cell that counts: `value` is in force (corrected where `correction` says so), `raw` is what stands there.

    `unit` is the area whose figures are paired, `area` the one the cell is of: the same or a part of it.
    """

    role: Role
    measure: str
    measure_name: str
    unit: str
    area: str
    area_name: str
    file: str
    sheet: str
    cell: str
    raw: str
    value: Decimal
    reporter: str
    reporter_name: str
    form: str
    seq: int | None
    received_on: date | None
    is_registered: bool
    basis_rank: int
    estimate_rank: int
    correction: Correction | None


@dataclass(frozen=True)
class LeftOut:
    """A unit that is in neither sum, and why; `cells` where it said something all the same."""

    unit: str
    name: str
    state: Literal["missing", "not_applicable"]
    reason: str
    district: str  # the district the unit lies in or is
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A cell of a replaced version whose figure is another one now."""

    measure: str
    area: str
    area_name: str
    sheet: str
    cell: str
    raw: str
    value: Decimal | None
    now: Decimal | None


@dataclass(frozen=True)
class Superseded:
    """An older accepted receipt of the same form that a later one replaced."""

    reporter: str
    reporter_name: str
    form: str
    file: str
    seq: int
    received_on: date | None
    replaced_by: int
    changed: tuple[Changed, ...]


@dataclass(frozen=True)
class _Reading:
    """What one area, or all parts of a unit together, say of a measure."""

    state: str  # value | missing | not_applicable
    value: Decimal | None
    cells: tuple[Cell, ...]
    is_contradicted: bool = False


_SILENT = _Reading("missing", None, ())


class Observations:
    """The figures in force of the measures of one subject in one quarter, each with its cells."""

    def __init__(self, records: Records, subject: Subject, place: Place) -> None:
        self._records, self._subject = records, subject
        self._stems = sorted({stem for measure in subject.measures for stem in self._stems_of(measure)})
        self._marks = ", ".join("?" * len(self._stems))
        self._in_force = {(row["measure"], row["area_code"]): row for row in self._observed()}
        self._cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._observed_cells():
            self._cells[row["measure"], row["area_code"]].append(row)
        self.used: list[Cell] = []
        self.left_out: list[LeftOut] = [
            LeftOut(
                unit["area_code"],
                unit["area_full_name"],
                "not_applicable",
                "chỉ tiêu không áp dụng",
                self._district(unit),
            )
            for unit in place.not_applicable
        ]
        self.units_used = 0
        for unit in place.units:
            self._pair(unit)

    def _stems_of(self, measure: str) -> list[str]:
        """The measures written on the forms that a measure is made of."""
        return self._records.parts.get(measure) or [measure]

    def _observed(self) -> list[Row]:
        return self._records.of_quarter(
            "select * from staging.observations where quarter = ? and series = 'actual' and is_current"
            f" and measure in ({self._marks})",
            *self._stems,
        )

    def _observed_cells(self) -> list[Row]:
        return self._records.of_quarter(
            "select cells.*, forms.seq, forms.received_on, forms.is_registered from staging.cells as cells"
            " inner join staging.forms_in_force as forms on cells.quarter = forms.quarter"
            " and cells.reporter = forms.reporter and cells.form = forms.form and cells.month = forms.month"
            " and cells.sha256 = forms.sha256"
            " where cells.quarter = ? and cells.series = 'actual' and cells.is_current"
            f" and cells.measure in ({self._marks}) and cells.state = 'value'"
            " order by cells.file, cells.sheet, length(cells.cell), cells.cell",
            *self._stems,
        )

    def _pair(self, unit: Row) -> None:
        """Count a unit in, with the cells of all its measures, or say why it is left out."""
        code, subject = unit["area_code"], self._subject
        readings = {role: [self._reading(role, one, code) for one in subject.part(role)] for role in ROLES}
        every = [*readings["numerator"], *readings["denominator"]]
        cells = tuple(cell for reading in every for cell in reading.cells)
        base = sum((one.value for one in readings["denominator"] if one.value is not None), Decimal(0))
        top = sum((one.value for one in readings["numerator"] if one.value is not None), Decimal(0))
        said = [reading.state for reading in every]

        def leave_out(state: Literal["missing", "not_applicable"], reason: str) -> None:
            self.left_out.append(LeftOut(code, unit["area_full_name"], state, reason, self._district(unit), cells))

        if subject.kind == "flow" and "value" in said:
            self.units_used += 1
            self.used.extend(cell for reading in every if reading.state == "value" for cell in reading.cells)
        elif all(state == "not_applicable" for state in said):
            leave_out("not_applicable", "ghi là không áp dụng")
        elif any(reading.is_contradicted for reading in every):
            leave_out("missing", "các ô ghi số khác nhau")
        elif all(state == "value" for state in said):
            if subject.denominator and base == 0 and top != 0:
                leave_out("missing", "mẫu số bằng 0 mà tử số khác 0")
            else:
                self.units_used += 1
                self.used.extend(cells)
        elif "value" not in said:
            is_blank = any((stem, code) in self._in_force for stem in self._stems)
            leave_out(
                "missing",
                "để trống ô số liệu" if is_blank else "chưa đủ các xã, phường, thị trấn" if cells else "chưa báo cáo",
            )
        else:
            absent = {role: all(one.state != "value" for one in readings[role]) for role in ROLES if subject.part(role)}
            named = [name for role, name in ROLES.items() if absent.get(role)]
            leave_out("missing", f"thiếu {' và '.join(named) or 'một phần số liệu'}")

    def _reading(self, role: Role, measure: str, unit: str) -> _Reading:
        """The unit's own figure, or the sum over its communes that gave one."""
        level = self._records.measures[measure]["level"]
        if level == self._records.areas[unit]["area_level"]:
            return self._own(role, measure, unit, unit)
        communes = [self._own(role, measure, unit, commune) for commune in self._records.communes.get(unit, ())]
        given = [reading for reading in communes if reading.state == "value"]
        if level != "commune" or not communes:
            return _SILENT
        if given:
            cells = tuple(cell for reading in given for cell in reading.cells)
            if self._subject.kind == "zeros" and len(given) < len(communes):
                return _Reading("missing", None, cells)
            total = sum((reading.value for reading in given if reading.value is not None), Decimal(0))
            return _Reading("value", total, cells)
        is_spared = all(reading.state == "not_applicable" for reading in communes)
        return _Reading("not_applicable", None, ()) if is_spared else _SILENT

    def _own(self, role: Role, measure: str, unit: str, area: str) -> _Reading:
        """A measure of one area; a sum of parts is missing where one of them is."""
        rows = [self._in_force.get((stem, area)) for stem in self._stems_of(measure)]
        cells = tuple(
            cell for stem in self._stems_of(measure) for cell in self._traced(role, stem, unit, area)
        )  # fmt: skip
        states = {row["state"] if row else "missing" for row in rows}
        if states == {"value"}:
            return _Reading("value", sum((row["value"] for row in rows if row), Decimal(0)), cells)
        if states == {"not_applicable"}:
            return _Reading("not_applicable", None, ())
        return _Reading("missing", None, cells, any(row is not None and row["is_contradicted"] for row in rows))

    def _traced(self, role: Role, stem: str, unit: str, area: str) -> Iterable[Cell]:
        name, area_name = self._records.measures[stem]["name_vi"], self._name(area)
        observation = self._in_force.get((stem, area), {})
        is_corrected = observation.get("correction_reason") is not None
        for row in self._cells[stem, area]:
            source = observation if is_corrected else row
            yield Cell(
                role, stem, name, unit, area, area_name, row["file"], row["sheet"], row["cell"],
                row["raw_text"] or "", source["value"], row["reporter"],
                self._records.reporter_names.get(row["reporter"], str(row["reporter"])), row["form"], row["seq"],
                row["received_on"], row["is_registered"], source["basis_rank"] or 0, source["estimate_rank"] or 0,
                _correction(observation, row["value"]) if is_corrected else None,
            )  # fmt: skip
        if is_corrected and observation["value"] is not None and not self._cells[stem, area]:
            # nobody wrote the figure on a form: the agreement itself is where it stands
            yield Cell(
                role, stem, name, unit, area, area_name, CORRECTIONS, "", "", "", observation["value"],
                "", "", "", None, observation["corrected_on"], True, observation["basis_rank"] or 0,
                observation["estimate_rank"] or 0, _correction(observation, None),
            )  # fmt: skip

    def superseded(self) -> list[Superseded]:
        """Older accepted versions of the forms whose cells count here, with the figures that changed since."""
        forms = {(cell.reporter, cell.form) for cell in self.used}
        if not forms:
            return []
        areas = {cell.area for cell in self.used}
        names = {cell.reporter: cell.reporter_name for cell in self.used}
        found = []
        for row in self._records.replaced_forms:
            if (row["reporter"], row["form"]) in forms:
                changed = tuple(self._changed(row, areas))
                found.append(Superseded(
                    row["reporter"], names[row["reporter"]], row["form"], row["file"], row["seq"],
                    row["received_on"], row["replaced_by"], changed,
                ))  # fmt: skip
        return found

    def _changed(self, older: Row, areas: set[str]) -> Iterable[Changed]:
        for row in self._records.of_quarter(
            "select * from raw.observations where quarter = ? and sha256 = ? and form = ? and reporter = ?"
            f" and month = ? and series = 'actual' and measure in ({self._marks}) order by sheet, cell",
            older["sha256"], older["form"], older["reporter"], older["month"], *self._stems,
        ):  # fmt: skip
            observation = self._in_force.get((row["measure"], row["area_code"]))
            now = observation["value"] if observation else None
            if row["area_code"] in areas and row["value"] != now:
                yield Changed(
                    row["measure"], row["area_code"], self._name(row["area_code"]),
                    row["sheet"], row["cell"], row["raw_text"] or "", row["value"], now,
                )  # fmt: skip

    def _district(self, unit: Row) -> str:
        return str(self._records.areas.get(unit["district_code"] or "", unit)["area_full_name"])

    def _name(self, area: str) -> str:
        row = self._records.areas.get(area)
        return row["area_name"] if row else area


def _correction(observation: Row, original: Decimal | None) -> Correction:
    return Correction(
        original, observation["correction_reason"], observation["corrected_by"], observation["corrected_on"]
    )


def cell_order(address: str) -> tuple[str, int]:
    """`E14` after `E9`: column by column, rows as numbers."""
    letters, digits = re.match(r"([A-Z]*)(\d*)", address).groups()  # type: ignore[union-attr]  # matches any text
    return letters.rjust(4), int(digits or 0)
