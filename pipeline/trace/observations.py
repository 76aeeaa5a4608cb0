"""The observations behind a figure: which cells stand for each unit, which units are left out, what was replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.trace.cells import CORRECTIONS, ROLES, Cell, Changed, Correction, LeftOut, Role, Superseded
from pipeline.trace.places import Place
from pipeline.trace.records import Records, Row
from pipeline.trace.subjects import Subject


@dataclass(frozen=True)
class _Reading:
    """What one area, or all parts of a unit together, say of a measure."""

    state: str  # value | missing | not_applicable
    value: Decimal | None
    cells: tuple[Cell, ...]
    is_contradicted: bool = False


_SILENT = _Reading("missing", None, ())


class Observations:
    """The figures in force of the measures of one subject in one quarter, each with its cells.

    series is actual, or last_year: the column of the forms on the same period last year.
    """

    def __init__(self, records: Records, subject: Subject, place: Place, series: str = "actual") -> None:
        self._records, self._subject, self._series = records, subject, series
        self._stems = sorted({stem for measure in subject.measures for stem in self._stems_of(measure)})
        records.read(series, self._stems)
        self.used: list[Cell] = []
        self.left_out: list[LeftOut] = []
        self.units_used: list[Row] = []
        for unit in place.not_applicable:
            self._leave_out(unit, "not_applicable", "chỉ tiêu không áp dụng")
        for unit in place.units:
            self._pair(unit)

    def _stems_of(self, measure: str) -> list[str]:
        """The measures written on the forms that a measure is made of."""
        return self._records.parts.get(measure) or [measure]

    def _leave_out(
        self, unit: Row, state: Literal["missing", "not_applicable"], reason: str, cells: tuple[Cell, ...] = ()
    ) -> None:
        district = self._records.areas.get(unit["district_code"] or "", unit)["area_full_name"]
        self.left_out.append(LeftOut(unit["area_code"], unit["area_full_name"], state, reason, district, cells))

    def _use(self, unit: Row, cells: Iterable[Cell]) -> None:
        self.units_used.append(unit)
        self.used.extend(cells)

    def _pair(self, unit: Row) -> None:
        """Count a unit in, with the cells of all its measures, or say why it is left out."""
        code, subject = unit["area_code"], self._subject
        readings = {role: [self._reading(role, one, code) for one in subject.part(role)] for role in ROLES}
        every = [*readings["numerator"], *readings["denominator"]]
        cells = tuple(cell for reading in every for cell in reading.cells)
        base = sum((one.value for one in readings["denominator"] if one.value is not None), Decimal(0))
        top = sum((one.value for one in readings["numerator"] if one.value is not None), Decimal(0))
        said = [reading.state for reading in every]
        if not subject.is_paired and "value" in said:
            self._use(unit, (cell for reading in every if reading.state == "value" for cell in reading.cells))
        elif all(state == "not_applicable" for state in said):
            self._leave_out(unit, "not_applicable", "ghi là không áp dụng", cells)
        elif any(reading.is_contradicted for reading in every):
            self._leave_out(unit, "missing", "các ô ghi số khác nhau", cells)
        elif all(state == "value" for state in said):
            if subject.denominator and base == 0 and top != 0:
                self._leave_out(unit, "missing", "mẫu số bằng 0 mà tử số khác 0", cells)
            else:
                self._use(unit, cells)
        elif "value" not in said:
            is_blank = any(code in self._records.figures(self._series, stem) for stem in self._stems)
            reason = (
                "để trống ô số liệu" if is_blank else "chưa đủ các xã, phường, thị trấn" if cells else "chưa báo cáo"
            )
            self._leave_out(unit, "missing", reason, cells)
        else:
            absent = {role: all(one.state != "value" for one in readings[role]) for role in ROLES if subject.part(role)}
            named = [name for role, name in ROLES.items() if absent.get(role)]
            self._leave_out(unit, "missing", f"thiếu {' và '.join(named) or 'một phần số liệu'}", cells)

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
        stems = self._stems_of(measure)
        rows = [self._records.figures(self._series, stem).get(area) for stem in stems]
        cells = tuple(cell for stem in stems for cell in self._cells_of(role, stem, unit, area))
        states = {row["state"] if row else "missing" for row in rows}
        if states == {"value"}:
            return _Reading("value", sum((row["value"] for row in rows if row), Decimal(0)), cells)
        if states == {"not_applicable"}:
            return _Reading("not_applicable", None, ())
        return _Reading("missing", None, cells, any(row is not None and row["is_contradicted"] for row in rows))

    def _cells_of(self, role: Role, stem: str, unit: str, area: str) -> tuple[Cell, ...]:
        key = ("cells", self._series, role, stem, unit, area)
        return self._records.kept(key, lambda: tuple(self._traced(role, stem, unit, area)))

    def _traced(self, role: Role, stem: str, unit: str, area: str) -> Iterable[Cell]:
        name, area_name = self._records.measures[stem]["name_vi"], self._records.name_of(area)
        observation = self._records.figures(self._series, stem).get(area, {})
        cells = self._records.cells(self._series, stem).get(area, ())
        is_corrected = observation.get("correction_reason") is not None
        for row in cells:
            source = observation if is_corrected else row
            # a correction may say that there is no figure
            value = source["value"] if source["value"] is not None else row["value"]
            yield Cell(
                self._records.quarter, self._series, role, stem, name, unit, area, area_name, row["file"],
                row["sheet"], row["cell"], row["raw_text"] or "", value, row["reporter"],
                self._records.reporter_names.get(row["reporter"], str(row["reporter"])), row["form"], row["seq"],
                row["received_on"], row["is_registered"], source["basis_rank"] or 0, source["estimate_rank"] or 0,
                _correction(observation, row["value"]) if is_corrected else None,
            )  # fmt: skip
        if is_corrected and observation["value"] is not None and not cells:
            # nobody wrote the figure on a form: the agreement itself is where it stands
            yield Cell(
                self._records.quarter, self._series, role, stem, name, unit, area, area_name, CORRECTIONS, "", "", "",
                observation["value"], "", "", "", None, observation["corrected_on"], True,
                observation["basis_rank"] or 0, observation["estimate_rank"] or 0, _correction(observation, None),
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
        version = (older["sha256"], older["form"], older["reporter"], older["month"], self._series)
        for row in self._records.kept(version, lambda: self._records.of_quarter(
            "select * from raw.observations where quarter = ? and sha256 = ? and form = ? and reporter = ?"
            # the column of last year may carry its own month
            " and (month = ? or series <> 'actual') and series = ? order by sheet, cell",
            *version,
        )):  # fmt: skip
            if row["measure"] not in self._stems or row["area_code"] not in areas:
                continue
            observation = self._records.figures(self._series, row["measure"]).get(row["area_code"])
            now = observation["value"] if observation else None
            if row["value"] != now:
                yield Changed(
                    row["measure"], row["area_code"], self._records.name_of(row["area_code"]),
                    row["sheet"], row["cell"], row["raw_text"] or "", row["value"], now,
                )  # fmt: skip


def _correction(observation: Row, original: Decimal | None) -> Correction:
    return Correction(
        original, observation["correction_reason"], observation["corrected_by"], observation["corrected_on"]
    )
