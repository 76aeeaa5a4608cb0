"""The numbers of every form in a quarter: what the offices mean to report, before anybody types it.

City totals come from the story; `split_total` shares them out so that the districts add up to them. A flow grows from
quarter to quarter in every district; a part never exceeds its whole. `demo_truth` is what a perfect reader finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

from pipeline.quarters import Quarter
from tests.demo.poverty import Poverty
from tests.demo.split import around, split_total, varied
from tests.demo.story import Story, Total, load_story

HOUSEHOLDS_OF = {  # a source of `derived` -> the classes of communes whose households it counts (urban: True)
    "households": (True, False),
    "households_of_urban_communes": (True,),
    "households_of_rural_communes": (False,),
}
SERIES = ("plan", "in_period", "actual", "last_year")
Truth = dict[tuple[str, str, str], Decimal | None]  # (measure, area code, series); None: no figure was given
MIN_RATE, MAX_RATE = Fraction(2), Fraction(999, 10)  # per cent: bounds of a district's own rate before it is scaled


class Figures:
    """The figures of one programme by measure, area, quarter and series."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.poverty = Poverty(story)
        # per object, so that two stories never share an answer
        self.by_district = cache(self._by_district)
        self.by_commune = cache(self.poverty.commune_figures)
        self.planned = cache(self._planned)

    # ---- districts -----------------------------------------------------------------------------------------------

    def district_figure(
        self, measure: str, district: str, quarter: Quarter, series: str, omitted: tuple[str, int] | None = None
    ) -> int | None:
        """One figure of the district form; None where the story tells nothing or the rules ask for none."""
        definition = self.story.measures[measure]
        if definition.is_yearly and quarter.number < 4:
            return None
        if series == "plan":
            return self.planned(measure, quarter.year).get(district)
        if series == "last_year":
            return self.by_district(measure, quarter.same_last_year).get(district)
        value = self.by_district(measure, quarter, omitted).get(district)
        if series == "in_period" and definition.is_flow and value is not None and quarter.number > 1:
            before = self.by_district(measure, quarter.previous).get(district)
            return None if before is None else value - before
        return value

    def _by_district(self, measure: str, quarter: Quarter, omitted: tuple[str, int] | None = None) -> Mapping[str, int]:
        facts = self.story.facts
        if measure in facts["derived"]:
            return self._derived(facts["derived"][measure], quarter, omitted)
        if measure in facts.get("fixed", {}):
            return dict(facts["fixed"][measure])
        if measure in facts["difference"]:
            whole, part = (self.by_district(name, quarter) for name in facts["difference"][measure])
            return {code: whole[code] - part[code] for code in part}
        total = self.story.totals.get(measure)
        if total is None or quarter not in total.by_quarter:
            return {}
        return self._shared_out(total, quarter)

    def _derived(self, source: str, quarter: Quarter, omitted: tuple[str, int] | None) -> Mapping[str, int]:
        communes = self.story.communes
        if source in ("commune_count", "commune_count_and_district"):
            extra = 1 if source == "commune_count_and_district" else 0
            return {code: len(of_district) + extra for code, of_district in communes.items()}
        if source in HOUSEHOLDS_OF:
            households = self.poverty.households(quarter) if quarter in self.story.residents else {}
            classes = HOUSEHOLDS_OF[source] if households else ()
            return {
                code: sum(households[c.code] for c in communes[code] if c.is_urban in classes)
                for code in (communes if households else ())
            }
        if quarter.previous_year_end not in self.story.poverty:
            return {}
        figures = self.by_commune(quarter, omitted)[source]
        return {code: sum(figures[c.code] for c in communes[code]) for code in communes}

    def _shared_out(self, total: Total, quarter: Quarter) -> Mapping[str, int]:
        """The city's total among the districts: at least what a flow had before, at most the whole it is part of."""
        whole = self.by_district(total.part_of, quarter) if total.part_of else None
        amount = city_total(self.story, total.measure, quarter, sum(whole.values()) if whole else 0)
        weights = {
            code: self._weight(total, code, quarter)
            if whole is None
            else whole[code] * self._rate(total, code, quarter, Fraction(100 * amount, sum(whole.values())))
            for code in (self.story.districts if whole is None else whole)
        }
        lower = dict.fromkeys(weights, 1 if whole is None else 0)
        upper = dict.fromkeys(weights, amount) if whole is None else dict(whole)
        if self.story.measures[total.measure].is_flow and quarter.number > 1:
            before = self.by_district(total.measure, quarter.previous)
            lower |= before
            if whole is not None:
                whole_before = self.by_district(total.part_of, quarter.previous)
                upper = {code: before[code] + whole[code] - whole_before[code] for code in before} or upper
        shares = split_total(amount, weights, lower, upper)
        estimated = self.story.facts.get("estimated", {}).get(total.measure, [])
        if not estimated:
            return shares
        step = self.story.facts["estimate_step"]
        rounded = {code: round(Fraction(shares[code], step)) * step for code in estimated}
        return split_total(amount, weights, lower | rounded, upper | rounded)

    def _weight(self, total: Total, district: str, when: Quarter | str) -> Fraction:
        """A district's size, a lasting turn of its own, and smaller ones of the year and (a flow's) of the quarter."""
        column = "population_thousand" if total.weight == "population" else total.weight
        seed, spread = f"{self.story.seed}:{total.measure}:{district}", Fraction(total.spread)
        weight = Fraction(self.story.district_facts[district][column]) * varied(seed, spread)
        if isinstance(when, str):
            return weight * varied(f"{seed}:{when}", spread / 3)
        if self.story.measures[total.measure].is_flow:
            weight *= varied(f"{seed}:{when}", spread / 5)
        return weight * varied(f"{seed}:{when.year}", spread / 3)

    def _rate(self, total: Total, district: str, quarter: Quarter, city: Fraction) -> Fraction:
        """A district's own rate in per cent: the city's, what its kind has more, and a lasting turn of its own."""
        kind = Fraction(total.urban_points) * (1 if self.story.districts[district].is_urban else -1)
        seed = f"{self.story.seed}:{total.measure}:{district}"
        own = around(Random(seed)) + around(Random(f"{seed}:{quarter.year}")) / 3
        return min(MAX_RATE, max(MIN_RATE, city + kind + own * Fraction(total.spread)))

    def _planned(self, measure: str, year: int) -> Mapping[str, int]:
        plan, total = self.story.plan(measure, year), self.story.totals.get(measure)
        if plan is None or total is None or not total.weight:
            return {}
        step = self.story.facts["plan_step"]
        weights = {code: self._weight(total, code, f"plan {year}") for code in self.story.districts}
        shares = split_total(int(plan) // step, weights, dict.fromkeys(weights, 1), dict.fromkeys(weights, int(plan)))
        return {code: share * step for code, share in shares.items()}

    # ---- the city, from its agencies -----------------------------------------------------------------------------

    def city_figure(self, measure: str, quarter: Quarter, series: str) -> Decimal | None:
        """One figure of an agency's form."""
        definition, total = self.story.measures[measure], self.story.totals[measure]
        if definition.is_yearly and quarter.number < 4:
            return None
        if series == "plan":
            return self.story.plan(measure, quarter.year)
        told = {q: Decimal(text) for q, text in total.by_quarter.items()}
        value = told.get(quarter.same_last_year if series == "last_year" else quarter)
        if series == "in_period" and definition.is_flow and value is not None and quarter.number > 1:
            return value - told[quarter.previous] if quarter.previous in told else None
        return value

    def reporting_agencies(self, quarter: Quarter) -> list[str]:
        """The owners that have something to send: a quarterly measure always, a yearly one in quarter IV."""
        due = [m for m in self.story.measures_of(self.story.agency_form) if quarter.number == 4 or not m.is_yearly]
        return sorted({measure.reporter for measure in due} - set(self.story.missing(quarter)))


def city_total(story: Story, measure: str, quarter: Quarter, whole: int) -> int:
    """What the districts add up to: a count, or a percentage of `whole` rounded to a count."""
    text = story.totals[measure].by_quarter[quarter]
    if not text.endswith("%"):
        return int(text)
    return int((Decimal(text[:-1]) * whole / 100).quantize(Decimal(1), ROUND_HALF_UP))


@cache
def _told(programme_folder: Path) -> Figures:
    return Figures(load_story(programme_folder))


def demo_truth(programme_folder: Path, quarter: Quarter | str) -> Truth:
    """Every figure meant in the submissions in force of a quarter, by measure, area code and series.

    Commune measures by commune code, district measures by district code, city measures by `city`. None where a
    form has a cell for the figure and nothing was reported: blank, "…" or "x".
    """
    figures = _told(programme_folder)
    story, at = figures.story, Quarter.parse(str(quarter))
    missing = story.missing(at)
    truth: Truth = {
        (measure, code, "actual"): Decimal(value)
        for measure, by_commune in (figures.by_commune(at) if story.commune_forms else {}).items()
        for code, value in by_commune.items()
        if figures.poverty.communes[code].parent not in missing
    }
    further = story.forms[story.district_form].get("further", {})
    for indicator in story.district_indicators():
        for measure in (*story.indicator_parts(indicator), *further.get(indicator.code, ())):
            for district in (area for area in story.districts.values() if area.code not in missing):
                for series in SERIES:
                    applies = story.applies(indicator, district)
                    value = figures.district_figure(measure, district.code, at, series) if applies else None
                    truth[measure, district.code, series] = None if value is None else Decimal(value)
    for measure in story.measures_of(story.agency_form):
        if measure.reporter in figures.reporting_agencies(at):
            for series in SERIES:
                truth[measure.code, "city", series] = figures.city_figure(measure.code, at, series)
    return truth
