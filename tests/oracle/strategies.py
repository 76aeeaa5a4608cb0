"""Random small programmes and what was sent to them, as the raw tables.

What there is (areas, indicators, plans, receipts) is drawn, so that a failure shrinks; each figure on a form follows
from a drawn seed and its own place, so that leaving something out changes nothing else.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.models.returns import quarter_row

from .contents import MEASURES, Contents, Tables
from .reading import Row

FIRST_YEAR, LAST_YEAR = 2022, 2024
TERM = [(year, number) for year in range(FIRST_YEAR, LAST_YEAR + 1) for number in (1, 2, 3, 4)]
HEARD = [(year, number) for year, number in TERM if year < LAST_YEAR]
PAIRS = [((2022, 4), (2023, 2)), ((2022, 4), (2023, 4)), ((2022, 4), (2023, 3)), ((2022, 2), (2023, 2))]
AGENCY = "so"
STATUSES = (
    *("not_assessable", "not_due", "no_data", "term_exceeded", "term_met", "year_exceeded", "year_met"),
    *("on_track", "not_yet", "behind", "missed", "behind_term", "no_plan"),
    *("term_done", "year_done", "difficult", "unknown"),
)
PARTS: dict[str, list[tuple[str, str | None]]] = {
    "sum": [
        ("flow_a", None),
        ("stock_a", None),
        ("stock_sum", None),
        ("poor_households", None),
        ("lifted", None),
        ("flow_b", None),
    ],
    "ratio_of_sums": [
        ("stock_a", "stock_b"),
        ("poor_households", "households"),
        ("stock_a", "households"),
        ("flow_a", "flow_b"),
        ("stock_yearly", "stock_b"),
        ("stock_sum", "stock_b"),
    ],
    "share_of_units": [("stock_b", "stock_a"), ("near_poor_households", "households")],
    "city_only": [("city_stock", None), ("city_flow", None), ("city_yearly", None), ("city_stock", "city_base")],
}
JUDGED_ON = (None, None, None, None, None, None, "lifted", "flow_a", "city_flow", "stock_b")
PLANS = (
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "8",
    "7.5",
    "10",
    "12",
    "20",
    "33.3333",
    "50",
    "66.65",
    "66.7",
    "100",
    "100.5",
    "200",
    "-1",
)


def number(text: str) -> Decimal:
    return Decimal(text)


def sometimes(something: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), something)


@st.composite
def programmes(draw: st.DrawFn) -> Tables:
    """Raw tables of a programme of 1-4 districts with 1-3 communes each, heard of in 2-4 quarters of two years."""
    tables = Tables(programme=[{"id": "thu", "first_year": FIRST_YEAR, "last_year": LAST_YEAR, "due_days": 5}])
    standards = draw(st.sampled_from([("a", "a"), ("a", "b"), (None, None)]))
    tables["quarters"] = [
        quarter_row(year, at, poverty_standard=standards[0] if year == FIRST_YEAR else standards[1])
        for year, at in TERM
    ]
    tables["owners"] = [{"code": AGENCY, "name": "Sở", "short_name": "Sở"}]
    tables["areas"] = draw(areas())
    tables["measures"], tables["measure_parts"] = MEASURES.rows, MEASURES.parts
    tables["indicators"] = draw(indicators())
    codes = sorted({row["code"] for row in tables["indicators"]})
    tables["targets"] = draw(targets(codes))
    tables["method_breaks"] = [
        {"indicator_code": code, "from_quarter": f"{year}-Q{at}", "note": "đổi cách tính", "basis": "published"}
        for code, (year, at) in draw(
            st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(HEARD[1:])), max_size=2, unique=True)
        )
    ]
    chosen = draw(st.lists(st.sampled_from(HEARD), min_size=1, max_size=2, unique=True))
    heard = sorted({*chosen, *draw(st.sampled_from(PAIRS))})
    is_calm = draw(st.booleans())  # everybody sends every figure once, so that there is much to judge
    mix = Contents.MIXES[0] if is_calm else draw(st.sampled_from(Contents.MIXES))
    contents = Contents(draw(st.integers(0, 10**6)), mix, tables["areas"])
    for year, at in heard:
        draw(arrivals(tables, contents, year, at, is_calm))
    tables["assessments"] = draw(assessments(codes, [f"{year}-Q{at}" for year, at in heard]))
    tables["corrections"] = draw(corrections(tables))
    return tables


@st.composite
def areas(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = [{"code": "city", "level": "city", "sort": 0}]
    for district in range(1, draw(st.integers(1, 4)) + 1):
        code, is_urban = f"{district:02}", draw(st.booleans())
        kind = draw(st.sampled_from(["quan", "thanh_pho"] if is_urban else ["huyen", "thi_xa"]))
        since = draw(st.sampled_from([None, None, None, date(2023, 1, 1)])) if district > 1 else None
        place = {"code": code, "level": "district", "parent_code": "city", "is_urban": is_urban, "kind": kind}
        rows.append(place | {"valid_from": since})
        for commune in range(1, draw(st.integers(1, 3)) + 1):
            until = draw(st.sampled_from([None, None, None, None, date(2023, 6, 30)]))
            place = {
                "code": f"{code}{commune:03}",
                "level": "commune",
                "parent_code": code,
                "is_urban": draw(st.booleans()),
            }
            rows.append(place | {"valid_from": since, "valid_to": until})
    return [row | {"name": row["code"], "full_name": row["code"], "sort": at} for at, row in enumerate(rows)]


@st.composite
def indicators(draw: st.DrawFn) -> list[Row]:
    """6-10 indicators; one of them may have changed what it is made from at the turn of the year."""
    rows: list[Row] = []
    for at in range(draw(st.integers(6, 10))):
        row = {"code": f"C{at}"} | draw(definitions())
        if draw(st.integers(0, 5)) == 0:
            rows.append(row | {"valid_to": date(2022, 12, 31)})
            row = row | draw(definitions()) | {"valid_from": date(2023, 1, 1)}
        rows.append(row)
    return rows


@st.composite
def definitions(draw: st.DrawFn) -> Row:
    aggregation = draw(st.sampled_from(sorted(PARTS)))
    numerator, denominator = draw(st.sampled_from(PARTS[aggregation]))
    return {
        "name_vi": "chỉ tiêu",
        "aggregation": aggregation,
        "numerator": numerator,
        "denominator": denominator,
        "scale": 100 if denominator else 1,
        "unit": "%" if denominator else "hộ",
        "is_counted": draw(st.sampled_from([True, True, False])),
        "direction": draw(st.sampled_from(["higher"] * 8 + ["lower"] * 6 + ["range"] * 3 + ["not_assessable"])),
        "frequency": draw(st.sampled_from(["quarterly"] * 4 + ["monthly", "yearly"])),
        "applies_to": draw(st.sampled_from(["all", "all", "rural_areas"])),
        "decimals": draw(st.integers(0, 3)),
        "minimum_coverage": draw(st.sampled_from([None, *map(Decimal, ("0", "0.2", "0.5", "0.6667", "1"))])),
        "owner": AGENCY,
        "basis": "published",
    }


@st.composite
def targets(draw: st.DrawFn, codes: list[str]) -> list[Row]:
    """Several versions of a plan are likely: few indicators, years and dates to choose from."""
    rows = []
    for line in range(2, 2 + draw(st.sampled_from([3, 4, 2, 1, 0])) * len(codes)):
        scope, op = draw(st.sampled_from(SCOPES)), draw(st.sampled_from(OPS))
        value = draw(st.sampled_from(DONE_FROM if op == "yes" else PLANS))
        above = draw(st.sampled_from([None, 0, 5, 50]))
        shares = draw(st.sampled_from([(), ("0.1", "0.25", "0.6"), ("0.3333", None, "1")]))
        rows.append(
            {
                "line": line,
                "indicator_code": draw(st.sampled_from(codes)),
                "scope": scope,
                "year": draw(st.sampled_from([2022, 2023] if scope == "year" else [None, 2023, 2024])),
                "area_code": draw(st.sampled_from([None] * 6 + ["01", "01", "02"])),
                "op": op,
                "value": value and number(value),
                "high": number(value) + above if value and op == "range" and above is not None else None,
                "measure": draw(st.sampled_from(JUDGED_ON)),
                "issued_on": draw(sometimes(st.sampled_from([date(2022, 1, 1), date(2023, 1, 1), date(2023, 7, 1)]))),
                "document": f"Kế hoạch {line}",
                "basis": "published",
            }
            | {f"share_q{at}": share and number(share) for at, share in enumerate(shares, start=1)}
        )
    return rows


SCOPES = ("year", "year", "year", "each_year", "term_end", "term_total")
OPS = ("ge", "gt", "le", "lt", "range", "approx", "yes")
DONE_FROM = (None, "1", "5", "9")  # no form says "no" often enough to see one not done
CONTENT = st.sampled_from("AAABBC")
ARRIVALS = st.tuples(
    CONTENT,
    st.sampled_from([-3, -1, 0, 1, 20, None]),  # days after it was due; None: no date
    st.sampled_from(["reported", "reported", "published", "illustrative"]),
)


@st.composite
def arrivals(draw: st.DrawFn, tables: Tables, contents: Contents, year: int, at: int, is_calm: bool) -> None:
    """The receipts of one quarter: each reporter's files in any order, versions coming again, some not registered.

    In a calm quarter each sends once, all but one district at times.
    """
    quarter = next(row for row in tables["quarters"] if (row["year"], row["number"]) == (year, at))
    reporters = [row["code"] for row in tables["areas"] if row["level"] == "district"] + [AGENCY]
    times = st.sampled_from([1] * 6 + [0, 2, 2, 3])
    silent = draw(sometimes(st.sampled_from(reporters[:-1]))) if is_calm and len(reporters) > 2 else None
    came: list[tuple[str, str, int | None, str]] = [(one, "A", 0, "reported") for one in reporters if one != silent]
    if not is_calm:
        came = [(one, *draw(ARRIVALS)) for one in reporters for _ in range(draw(times))]
    came = (came if is_calm else draw(st.permutations(came))) if came else [(reporters[0], "A", 0, "reported")]
    kinds = {
        (one, version): "whole" if is_calm else draw(st.sampled_from(Contents.KINDS))
        for one, version in sorted({row[:2] for row in came})
    }
    registered = len(came) - draw(st.sampled_from([0, 0, 0, 1]))
    for seq, (one, version, days, basis) in enumerate(came, start=1):
        tables.setdefault("receipts", []).append(
            {
                "quarter": quarter["quarter"],
                "seq": seq,
                "sha256": f"{one}-{version}",  # the same bytes may serve two quarters
                "file": f"{one}-{version}.xlsx",
                "received_on": None if days is None or seq > registered else quarter["due_on"] + timedelta(days=days),
                "sent_by": one,
                "basis": basis,
                "is_registered": seq <= registered,
            }
        )
    for (one, version), kind in kinds.items():
        contents.write(tables, quarter, one, version, kind)


@st.composite
def assessments(draw: st.DrawFn, codes: list[str], quarters: list[str]) -> list[Row]:
    """A later one may take the place of an earlier one."""
    keys = st.tuples(
        st.sampled_from(codes), st.sampled_from(quarters), st.sampled_from([date(2024, 1, 8), date(2024, 1, 20)])
    )
    return [
        {
            "indicator_code": code,
            "quarter": quarter,
            "assessed_on": day,
            "status": draw(st.sampled_from(STATUSES)),
            "document": "Thông báo",
            "basis": "published",
        }
        for code, quarter, day in draw(st.lists(keys, max_size=15, unique=True))
    ]


@st.composite
def corrections(draw: st.DrawFn, tables: Tables) -> list[Row]:
    """Of a figure as one version gives it, or of another that nobody sent."""
    reported = [row for row in tables.get("observations", []) if row["series"] == "actual"]
    if not reported:
        return []
    days = st.sampled_from([date(2023, 2, 1), date(2023, 3, 1)])
    picked = draw(st.lists(st.tuples(st.sampled_from(reported), days), max_size=2))
    by_key = {(row["quarter"], row["measure"], row["area_code"], day): row for row, day in picked}
    return [
        {
            "quarter": quarter,
            "measure": measure,
            "area_code": area,
            "series": "actual",
            "old_value": row["value"] if draw(st.integers(0, 3)) else number("999"),
            "new_value": draw(st.sampled_from([None, number("0"), number("5"), number("2.5")])),
            "agreed_on": day,
            "agreed_by": "hai bên",
            "reason": "sai số",
        }
        for (quarter, measure, area, day), row in by_key.items()
    ]
