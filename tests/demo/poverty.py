"""Poor and near-poor households of every commune, as a story of single households that come, stay and go.

Every household has a commune, a size and may belong to an ethnic minority. A year starts with the stock of the year
before; `poverty.csv` says how many leave and come in the city, districts share them out, and each move has its place in
the year's order: the first n moves of a kind have happened by a quarter. So households and persons balance in every
commune, forms 2 and 3 agree, later quarters include earlier ones, and writing more quarters changes none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random

from pipeline.quarters import Quarter
from tests.demo.split import split_total, varied
from tests.demo.story import Area, Story

STOCKS = ("poor", "near_poor")
SHARED = {"poor_to_near_poor": "near_poor_from_poor", "poor_from_near_poor": "near_poor_to_poor"}
BASE_COMMUNE_WEIGHT = 2  # so that no commune is far below the mean of its district


@dataclass(frozen=True)
class Household:
    """One household; no name, no address, only what the forms count."""

    commune: str
    size: int
    is_minority: bool


@dataclass(frozen=True)
class Move:
    """A household's change of class; `kind` is the measure stem on the form of the class it leaves or enters."""

    kind: str
    group: str  # poor_decrease, poor_increase, near_poor_decrease, near_poor_increase
    household: Household
    when: tuple[int, str, int]


@dataclass(frozen=True)
class Year:
    """The stocks at the start and at the end of a year, by class, and the moves between them, in order."""

    opening: dict[str, list[Household]]
    closing: dict[str, list[Household]]
    moves: dict[str, list[Move]]  # by group, in the order of the year


class Poverty:
    """Figures of forms 2, 3 and 4 of every commune in every quarter the story knows."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.communes = {c.code: c for communes in story.communes.values() for c in communes}

    def commune_figures(self, quarter: Quarter, omitted: tuple[str, int] | None = None) -> dict[str, dict[str, int]]:
        """Measure -> commune -> households or persons, for forms bieu02, bieu03 and bieu04.

        `omitted` (district, n): leave out the last n exits from poverty of the commune of that district with the most.
        """
        year = self.years[quarter.year]
        moves = self._moves_until(quarter)
        if omitted is not None:
            moves = self._without_last_exits(moves, *omitted)
        figures: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.communes, 0))
        for stock in STOCKS:
            _count(figures, f"{stock}_opening", year.opening[stock])
        for kind in self._kinds():
            _count(figures, kind, (move.household for move in moves if kind in (move.kind, SHARED.get(move.kind))))
        for stock in STOCKS:
            _close(figures, stock, year.opening[stock], moves)
        self._add_residents(figures, quarter)
        return dict(figures)

    def _kinds(self) -> list[str]:
        shares = self.story.facts["poverty"]["shares"]
        return [kind for group in shares.values() for kind in group] + list(SHARED.values())

    def _moves_until(self, quarter: Quarter) -> list[Move]:
        """The moves of the year that had happened by the end of the quarter, so that the city's stocks come true."""
        told, start = self.story.poverty[quarter], self.story.poverty[quarter.previous_year_end]
        groups = self.years[quarter.year].moves
        entered = groups["poor_increase"][: told["poor_increase"]]
        left = groups["poor_decrease"][: start["poor"] + told["poor_increase"] - told["poor"]]
        near_entered = groups["near_poor_increase"][: told["near_poor_increase"]]
        from_poor = sum(move.kind == "poor_to_near_poor" for move in left)
        to_poor = sum(move.kind == "poor_from_near_poor" for move in entered)
        near_left = start["near_poor"] + told["near_poor_increase"] + from_poor - to_poor - told["near_poor"]
        return [*left, *entered, *near_entered, *groups["near_poor_decrease"][:near_left]]

    def _without_last_exits(self, moves: list[Move], district: str, count: int) -> list[Move]:
        exits = [m for m in moves if m.group == "poor_decrease" and self._district(m.household) == district]
        commune = min(Counter(m.household.commune for m in exits).items(), key=lambda item: (-item[1], item[0]))[0]
        last = [move for move in exits if move.household.commune == commune][-count:]
        return [move for move in moves if move not in last]

    def _district(self, household: Household) -> str:
        return self.communes[household.commune].parent

    # ---- residents -----------------------------------------------------------------------------------------------

    def households(self, quarter: Quarter) -> dict[str, int]:
        """All households of every commune: counted once a year, at the year-end review."""
        told = self.story.residents[quarter]
        review = quarter.year if quarter.number == 4 else quarter.year - 1
        found: dict[str, int] = {}
        for is_urban, column in ((True, "households_urban_districts"), (False, "households_rural_districts")):
            weights = {
                area.code: Fraction(self.story.district_facts[area.code]["population_thousand"])
                * varied(f"{self.story.seed}:growth:{review}:{area.code}", Fraction(1, 2))
                for area in self.story.districts.values()
                if area.is_urban is is_urban
            }
            for district, count in _split(told[column], weights).items():
                shares = {c.code: self._commune_weight(c) for c in self.story.communes[district]}
                found |= _split(count, shares)
        return found

    def _commune_weight(self, commune: Area) -> Fraction:
        return BASE_COMMUNE_WEIGHT + varied(f"{self.story.seed}:size:{commune.code}", 90)

    def _minority_percent(self, commune: Area) -> Fraction:
        listed = self.story.facts["poverty"]["minority_communes"]
        if commune.code in listed:
            return Fraction(listed[commune.code])
        background = Fraction(self.story.district_facts[commune.parent]["minority_percent"])
        return background * varied(f"{self.story.seed}:minority:{commune.code}", 60)

    def _add_residents(self, figures: dict[str, dict[str, int]], quarter: Quarter) -> None:
        mean = Fraction(str(self.story.facts["persons_per_household"]))
        for code, households in self.households(quarter).items():
            commune = self.communes[code]
            per_household = mean * varied(f"{self.story.seed}:persons:{code}", 12)
            minority = int(households * self._minority_percent(commune) / 100)
            poor = sum(figures[f"minority_{stock}_households"][code] for stock in STOCKS)
            figures["households"][code] = households
            figures["persons"][code] = int(households * per_household)
            figures["minority_households"][code] = max(minority, poor)
            for stock in STOCKS:
                for what in ("households", "persons"):
                    figures[f"review_{stock}_{what}"][code] = figures[f"{stock}_{what}"][code]

    # ---- the years -----------------------------------------------------------------------------------------------

    @cached_property
    def years(self) -> dict[int, Year]:
        """Every year of the story; each starts where the one before ended."""
        first = min(self.story.poverty)
        stocks = {stock: self._first_stock(stock, first) for stock in STOCKS}
        years: dict[int, Year] = {}
        for year in sorted({quarter.year for quarter in self.story.poverty if quarter != first}):
            years[year] = self._live_through(Quarter(year, 4), stocks)
            stocks = years[year].closing
        return years

    @cached_property
    def year_ends(self) -> dict[str, dict[Quarter, dict[str, int]]]:
        """Stock -> year end -> district -> households, told backwards so that a district's stock never grows."""
        facts = self.story.facts["poverty"]
        ends: dict[str, dict[Quarter, dict[str, int]]] = {stock: {} for stock in STOCKS}
        for stock in STOCKS:
            later = dict.fromkeys(self.story.districts, 0)
            for quarter in sorted((q for q in self.story.poverty if q.number == 4), reverse=True):
                total, fixed = self.story.poverty[quarter][stock], facts.get(f"fixed_{stock}", {}).get(str(quarter), {})
                none = set(facts[f"without_{stock}"][str(quarter)])
                lower = {code: fixed.get(code, 0 if code in none else max(1, later[code])) for code in later}
                upper = {code: fixed.get(code, 0 if code in none else total) for code in later}
                later = split_total(total, self._poverty_weights(stock), lower, upper)
                ends[stock][quarter] = later
        return ends

    def _poverty_weights(self, stock: str) -> dict[str, Fraction]:
        return {
            code: Fraction(facts[f"{stock}_weight"]) * varied(f"{self.story.seed}:{stock}:{code}", 15)
            for code, facts in self.story.district_facts.items()
        }

    def _first_stock(self, stock: str, quarter: Quarter) -> list[Household]:
        households: list[Household] = []
        for district, count in self.year_ends[stock][quarter].items():
            random = Random(f"{self.story.seed}:{stock}:{quarter}:{district}")
            households += [self.new_household(random, district) for _ in range(count)]
        return households

    def new_household(self, random: Random, district: str) -> Household:
        commune = random.choices(self.story.communes[district], self._needs[district])[0]
        sizes = self.story.facts["poverty"]["household_sizes"]
        percent = self._minority_percent(commune)
        return Household(
            commune.code,
            random.choices(list(sizes), list(sizes.values()))[0],
            random.randrange(10000) < 100 * min(Fraction(95), percent * Fraction(5, 4)),
        )

    @cached_property
    def _needs(self) -> dict[str, list[float]]:
        return {code: [float(self._need(c)) for c in communes] for code, communes in self.story.communes.items()}

    def _need(self, commune: Area) -> Fraction:
        """How often poverty strikes a commune: rural and minority communes more."""
        return (
            (1 + varied(f"{self.story.seed}:need:{commune.code}", 95))
            * (1 if commune.is_urban else 2)
            * (1 + self._minority_percent(commune) / 20)
        )

    def _live_through(self, year_end: Quarter, opening: dict[str, list[Household]]) -> Year:
        closing: dict[str, list[Household]] = {stock: [] for stock in STOCKS}
        moves: dict[str, list[Move]] = {group: [] for group in self.story.facts["poverty"]["shares"]}
        entering = {stock: self._entering(stock, year_end) for stock in STOCKS}
        for district in self.story.districts:
            of_district = {s: [h for h in opening[s] if self._district(h) == district] for s in STOCKS}
            year = _DistrictYear(self, district, year_end, of_district)
            year.enter_poverty(entering["poor"][district])
            year.leave_poverty()
            year.enter_near_poverty(entering["near_poor"][district])
            year.leave_near_poverty()
            for stock in STOCKS:
                closing[stock] += year.staying[stock] + year.entered[stock]
            for move in year.moves:
                moves[move.group].append(move)
        for group in moves.values():
            group.sort(key=lambda move: move.when)
        return Year(opening, closing, moves)

    def _entering(self, stock: str, year_end: Quarter) -> dict[str, int]:
        """District -> households that enter in the year: at most half of those there at its end."""
        ends = self.year_ends[stock][year_end]
        halves = {code: count // 2 for code, count in ends.items()}
        return split_total(self.story.poverty[year_end][f"{stock}_increase"], ends, dict.fromkeys(ends, 0), halves)


class _DistrictYear:
    """One district in one year: who leaves, who comes; those who come stay until the year is over."""

    def __init__(
        self, poverty: Poverty, district: str, year_end: Quarter, opening: Mapping[str, list[Household]]
    ) -> None:
        self.poverty, self.district = poverty, district
        self.ends = {stock: poverty.year_ends[stock][year_end][district] for stock in STOCKS}
        self.random = Random(f"{poverty.story.seed}:year:{year_end.year}:{district}")
        self.shares: dict[str, dict[str, int]] = poverty.story.facts["poverty"]["shares"]
        self.staying = {stock: list(opening[stock]) for stock in STOCKS}
        self.entered: dict[str, list[Household]] = {stock: [] for stock in STOCKS}
        self.moves: list[Move] = []
        for households in self.staying.values():
            self.random.shuffle(households)

    def enter_poverty(self, count: int) -> None:
        for _ in range(count):
            kind = self._kind("poor_increase", may_share=bool(self.staying["near_poor"]))
            if kind == "poor_from_near_poor":
                household = self.staying["near_poor"].pop()
            else:
                household = self.poverty.new_household(self.random, self.district)
            self._move(kind, "poor_increase", household)
            self.entered["poor"].append(household)

    def leave_poverty(self) -> None:
        room = self.ends["near_poor"] // 3
        while len(self.staying["poor"]) + len(self.entered["poor"]) > self.ends["poor"]:
            household = self.staying["poor"].pop()
            kind = self._kind("poor_decrease", may_share=len(self.entered["near_poor"]) < room)
            self._move(kind, "poor_decrease", household)
            if kind == "poor_to_near_poor":
                self.entered["near_poor"].append(household)

    def enter_near_poverty(self, count: int) -> None:
        for _ in range(count):
            household = self.poverty.new_household(self.random, self.district)
            self._move(self._kind("near_poor_increase"), "near_poor_increase", household)
            self.entered["near_poor"].append(household)

    def leave_near_poverty(self) -> None:
        while len(self.staying["near_poor"]) + len(self.entered["near_poor"]) > self.ends["near_poor"]:
            household = self.staying["near_poor"].pop()
            self._move(self._kind("near_poor_decrease"), "near_poor_decrease", household)

    def _kind(self, group: str, may_share: bool = True) -> str:
        shares = {kind: n for kind, n in self.shares[group].items() if may_share or kind not in SHARED}
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _move(self, kind: str, group: str, household: Household) -> None:
        when = (self.random.randrange(10**6), self.district, len(self.moves))
        self.moves.append(Move(kind, group, household, when))


def _split(total: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    return split_total(total, weights, dict.fromkeys(weights, 0), dict.fromkeys(weights, total))


def _count(figures: dict[str, dict[str, int]], stem: str, households: Iterable[Household]) -> None:
    counts, persons = figures[f"{stem}_households"], figures[f"{stem}_persons"]
    for household in households:
        counts[household.commune] += 1
        persons[household.commune] += household.size


def _close(figures: dict[str, dict[str, int]], stock: str, opening: list[Household], moves: list[Move]) -> None:
    """The stock at the end: who was there, who came, less who left; with its minority households."""
    _count(figures, stock, opening)
    minority = Counter(household.commune for household in opening if household.is_minority)
    for move in moves:
        step = _step(stock, move)
        figures[f"{stock}_households"][move.household.commune] += step
        figures[f"{stock}_persons"][move.household.commune] += step * move.household.size
        minority[move.household.commune] += step * move.household.is_minority
    figures[f"minority_{stock}_households"].update(minority)


def _step(stock: str, move: Move) -> int:
    """What a move does to a stock: 1 comes, -1 leaves, 0 neither."""
    step = {f"{stock}_increase": 1, f"{stock}_decrease": -1}.get(move.group, 0)
    if move.kind in SHARED and not step:
        return 1 if move.group.endswith("decrease") else -1
    return step
