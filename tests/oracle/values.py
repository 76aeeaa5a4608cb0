"""The value of an indicator for one area or for the city, each asked for on its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from .reading import UNIT, Figure, Frames, Reading, Row, is_valid


@dataclass(frozen=True)
class Value:
    """Numerator and denominator in ten-thousandths; `state` is what is shown. `reported` of `expected` areas are in
    it (of the communes of one area `is_covered` takes account), `is_complete` when nothing that is waited for lacks."""

    state: str
    numerator: int | None = None
    denominator: int | None = None
    scale: int = 1
    reported: int = 0
    expected: int = 1
    is_covered: bool = False
    is_complete: bool = False
    basis: int | None = None
    estimate: int = 0

    @property
    def exact(self) -> Fraction | None:
        """In the indicator's unit."""
        if self.state != "value" or self.numerator is None:
            return None
        return Fraction(self.numerator * self.scale, UNIT if self.denominator is None else self.denominator)


@dataclass(frozen=True)
class Earlier:
    """What a figure is compared with: from where, the value, and whether areas were left out of it for that."""

    source: str | None = None
    value: Value | None = None
    is_partial: bool = False


def enough(reported: int, expected: int, definition: Row) -> bool:
    return reported >= Fraction(definition["minimum_coverage"] or 0) * expected


class Values:
    """Indicators by quarter, and what each comes to."""

    def __init__(self, frames: Frames) -> None:
        self.reading = Reading(frames)
        self._definitions = frames["indicators"].to_dicts()
        self._breaks = frames["method_breaks"].to_dicts()
        self.definitions = cache(self._definitions_on)
        self.of_area = cache(self._of_area)
        self.of_city = cache(self._of_city)

    def _definitions_on(self, quarter: str) -> dict[str, Row]:
        day = self.reading.calendar[quarter]["ends_on"]
        return {row["code"]: row for row in self._definitions if is_valid(row, day)}

    def period_kind(self, measure: str) -> str:
        return str(self.reading.measures[measure]["period_kind"]) if measure in self.reading.measures else ""

    def _pair(self, quarter: str, series: str, definition: Row, unit: str) -> tuple[str, list[Figure]]:
        """The state of numerator and denominator together, and the two."""
        above = self.reading.figure(quarter, series, definition["numerator"], unit) or Figure("missing")
        if definition["denominator"] is None:
            return above.state, [above]
        below = self.reading.figure(quarter, series, definition["denominator"], unit) or Figure("missing")
        states = {above.state, below.state}
        if len(states) > 1 or (below.amount == 0 and above.amount != 0):
            return "missing", []
        return states.pop(), [above, below]

    def _units(self, quarter: str, definition: Row, area: str) -> list[str]:
        """Communes, where everything the indicator needs comes by commune; else the area itself."""
        parts = [definition["numerator"], definition["denominator"]]
        levels = {self.reading.measures[part]["level"] for part in parts if part in self.reading.measures}
        if definition["aggregation"] != "city_only" and levels == {"commune"}:
            return self.reading.communes(quarter, area)
        return [area]

    def _of_area(self, quarter: str, series: str, code: str, area: str) -> Value:
        definition = self.definitions(quarter)[code]
        scale = definition["scale"]
        if definition["applies_to"] == "rural_areas" and self.reading.areas(quarter)[area]["is_urban"]:
            return Value("not_applicable", scale=scale, expected=0, is_complete=True)
        pairs = [self._pair(quarter, series, definition, unit) for unit in self._units(quarter, definition, area)]
        taken = [figures for state, figures in pairs if state == "value"]
        if not taken:
            is_none = bool(pairs) and {state for state, _ in pairs} == {"not_applicable"}
            if is_none:
                return Value("not_applicable", scale=scale, expected=0, is_complete=True)
            return Value("missing", scale=scale)
        denominator = sum(figures[1].amount for figures in taken) if definition["denominator"] else None
        return Value(
            "not_applicable" if denominator == 0 else "value",
            sum(figures[0].amount for figures in taken),
            denominator,
            scale,
            1,
            1,
            enough(len(taken), len(pairs), definition),
            all(state != "missing" for state, _ in pairs),
            max(figure.basis for figures in taken for figure in figures),
            max(figure.estimate for figures in taken for figure in figures),
        )

    def _of_city(self, quarter: str, series: str, code: str) -> Value:
        definition = self.definitions(quarter)[code]
        level = "city" if definition["aggregation"] == "city_only" else "district"
        values = [self.of_area(quarter, series, code, area["code"]) for area in self.reading.of_level(quarter, level)]
        return self._together(values, definition)

    def _together(self, values: list[Value], definition: Row) -> Value:
        """The sums over areas: of those that reported, out of those that are waited for."""
        counted = [value for value in values if value.reported]
        expected = sum(value.expected for value in values)
        if not counted:
            state = "missing" if expected else "not_applicable"
            return Value(state, scale=definition["scale"], expected=expected, is_complete=not expected)
        denominators = [value.denominator for value in counted if value.denominator is not None]
        denominator = sum(denominators) if denominators else None
        return Value(
            "not_applicable" if denominator == 0 else "value",
            sum(value.numerator or 0 for value in counted),
            denominator,
            definition["scale"],
            len(counted),
            expected,
            denominator != 0 and enough(len(counted), expected, definition),
            all(value.is_complete for value in values),
            max(value.basis or 0 for value in counted),
            max(value.estimate for value in counted),
        )

    def of_place(self, quarter: str, series: str, code: str, area: str) -> Value:
        is_city = self.reading.areas(quarter)[area]["level"] == "city"
        return self.of_city(quarter, series, code) if is_city else self.of_area(quarter, series, code, area)

    def measure_of_place(self, quarter: str, code: str, measure: str, area: str) -> Value | None:
        """A measure as a plan of indicator `code` is judged on it; None where nobody reported it."""
        if measure not in self.reading.measures:
            return None
        level = self.reading.measures[measure]["level"]
        is_city = self.reading.areas(quarter)[area]["level"] == "city"
        if level == "city":
            places = [area] if is_city else []
        elif is_city:
            places = [row["code"] for row in self.reading.of_level(quarter, "district")]
        else:
            places = self.reading.communes(quarter, area) if level == "commune" else [area]
        found = [self.reading.figure(quarter, "actual", measure, place) or Figure("missing") for place in places]
        known = [figure for figure in found if figure.state == "value"]
        if not known:
            return None
        expected = sum(figure.state != "not_applicable" for figure in found)
        return Value(
            "value",
            sum(figure.amount for figure in known),
            reported=len(known),
            expected=expected,
            is_covered=enough(len(known), expected, self.definitions(quarter)[code]),
            is_complete=len(known) == expected and not any(self._lacks(quarter, measure, place) for place in places),
        )

    def _lacks(self, quarter: str, measure: str, area: str) -> bool:
        """Whether a commune of an area that gave a figure is missing from it."""
        is_summed = self.reading.measures[measure]["level"] == "commune"
        own = self.reading.figure(quarter, "actual", measure, area)
        if not is_summed or own is None or own.state != "value":
            return False
        below = [
            self.reading.figure(quarter, "actual", measure, commune) for commune in self.reading.communes(quarter, area)
        ]
        return any(figure is None or figure.state == "missing" for figure in below)

    # --- what may be compared with what

    def latest_break(self, quarter: str, code: str) -> str:
        """The quarter from which on today's method holds; empty where it never changed."""
        known = [row["from_quarter"] for row in self._breaks if row["indicator_code"] == code]
        return max((since for since in known if since <= quarter), default="")

    def standard(self, quarter: str, measure: str) -> str:
        """Counts of poor households mean nothing without the standard they were made by."""
        return (self.reading.calendar[quarter]["poverty_standard"] or "") if "poor" in measure else ""

    def kind(self, quarter: str, code: str, measure: str | None = None) -> tuple[str | None, ...]:
        """Figures of one kind belong to one series: what is divided by what, by which method and standard."""
        definition = self.definitions(quarter)[code]
        parts = (measure, None) if measure else (definition["numerator"], definition["denominator"])
        return (*parts, self.latest_break(quarter, code), self.standard(quarter, str(parts[0])))

    def is_broken_since(self, quarter: str, reference: str, code: str) -> bool:
        numerator = self.definitions(quarter)[code]["numerator"]
        is_other = reference in self.reading.calendar and (
            self.standard(reference, numerator) != self.standard(quarter, numerator)
        )
        return is_other or self.latest_break(quarter, code) > reference

    def beside(self, quarter: str, code: str, area: str, reference: str, series: str) -> tuple[Value, bool] | None:
        """The figure of `reference` that can stand beside the one of `quarter`, and whether areas were left out of it.

        A city's sum with areas missing on either side is made again from the areas that have a figure now; each of
        them must have had one then, and without the others there must still be enough of it.
        """
        if reference not in self.reading.quarters or area not in self.reading.areas(reference):
            return None
        if code not in self.definitions(reference) or self.kind(reference, code) != self.kind(quarter, code):
            return None
        whole = self.of_place(reference, series, code, area)
        if whole.state != "value" or not whole.is_covered:
            return None
        is_city = self.reading.areas(quarter)[area]["level"] == "city"
        if not is_city or self.definitions(quarter)[code]["aggregation"] == "city_only":
            return whole, False
        today = self.of_city(quarter, "actual", code)
        if today.reported == today.expected and whole.reported == whole.expected:
            return whole, False
        now, then = (
            {
                row["code"]: value
                for row in self.reading.of_level(at, "district")
                for value in [self.of_area(at, of, code, row["code"])]
                if value.reported
            }
            for at, of in ((quarter, "actual"), (reference, series))
        )
        if not now or not now.keys() <= then.keys():
            return None
        definition = self.definitions(reference)[code]
        same = self._together([then[district] for district in now], definition)
        if same.state != "value" or not enough(same.reported, whole.expected, definition):
            return None
        return same, same.reported < whole.reported

    def same_period(self, quarter: str, code: str, area: str) -> Earlier:
        """The figure of the same quarter last year: our own record, else what this quarter's forms say of it."""
        reference = self.reading.calendar[quarter]["same_quarter_last_year"]
        if self.is_broken_since(quarter, reference, code):
            return Earlier("break")
        for source, at, series in (("record", reference, "actual"), ("form", quarter, "last_year")):
            if found := self.beside(quarter, code, area, at, series):
                return Earlier(source, *found)
        return Earlier()

    def year_end(self, quarter: str, code: str, area: str) -> Earlier:
        """In quarter IV the end of last year is the same period last year; before, only our own record tells it."""
        reference = self.reading.calendar[quarter]["previous_year_end"]
        if reference == self.reading.calendar[quarter]["same_quarter_last_year"]:
            return self.same_period(quarter, code, area)
        if self.is_broken_since(quarter, reference, code):
            return Earlier("break")
        found = self.beside(quarter, code, area, reference, "actual")
        return Earlier("record", *found) if found else Earlier()
