"""An indicator whose counts may not be shown does not tell them by the digits of its figures, in either edition."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from pipeline.briefing.companions.mart_files import mart_files
from pipeline.briefing.facts.collecting import BriefingFacts, collect
from pipeline.briefing.facts.figure import FactBook, Form, Origin
from pipeline.briefing.facts.marts import Marts
from pipeline.briefing.public.edition import public_edition
from pipeline.programme import Programme
from tests.briefing.conftest import HOME, QUARTER
from tests.briefing.test_companions import read_csv

TRUTH = Fraction(1745, 1752)  # 99.600...%, of which the last districts' families are as few


@pytest.fixture
def hidden(marts: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Marts in which A09 has figures of every kind and hides its counts."""
    for mart in ("indicator_progress", "area_comparison"):
        marts.execute(
            f"update marts.{mart} set numerator = {TRUTH.numerator}, denominator = {TRUTH.denominator},"
            f" value = {float(TRUTH * 100)!r}::double where indicator_code = 'A09'"
        )
    marts.execute(
        "update marts.indicator_progress set counts_shown = false, year_op = 'ge', year_value = 99.9,"
        " same_period_numerator = 1740, same_period_denominator = 1753, gap_value = 0.3,"
        f" year_completion_numerator = {TRUTH.numerator * 100}, year_completion_decimals = 1,"
        f" year_completion_denominator = 99.9 * {TRUTH.denominator} where indicator_code = 'A09'"
    )
    return marts


def attacked(value: Any) -> Fraction:
    """What continued fractions make of a number of percent for who knows that there are some thousand families."""
    return (Fraction(str(value)) / 100).limit_denominator(5000)


def facts_of(facts: BriefingFacts) -> list[dict[str, Any]]:
    return json.loads(facts.as_json(facts.book.facts))  # type: ignore[no-any-return]


def test_the_attack_succeeds_on_an_exact_rate() -> None:
    assert attacked(float(TRUTH * 100)) == TRUTH
    assert attacked(round(float(TRUTH * 100), 1)) != TRUTH


def test_facts_have_what_is_printed_and_no_digit_more(hidden: duckdb.DuckDBPyConnection, programme: Programme) -> None:
    facts = collect(programme, QUARTER, hidden, HOME / "sql")
    public = public_edition(Marts(hidden, QUARTER), facts, 5)
    for told in (facts_of(facts), json.loads(public.as_json(public.facts, programme.id))):
        own = {one["key"]: one for one in told if one["indicator"] == "A09"}
        assert {f"indicator.A09.{name}" for name in ("value", "change_same_period", "year_completion")} <= set(own)
        assert (own["indicator.A09.value"]["value"], own["indicator.A09.value"]["printed"]) == (99.6, "99,6%")
        assert own["indicator.A09.change_same_period"]["value"] == 0.3
        for key, one in own.items():
            assert (one["numerator"], one["denominator"]) == (None, None), key
            if one["value"] is not None and one["unit"].startswith(("%", "điểm")):
                assert str(one["value"]).replace(".", ",").lstrip("-") in one["printed"], key
    others = {one["key"]: one for one in facts_of(facts)}
    assert others["indicator.A01.value"]["value"] == pytest.approx(690 / 22900, abs=1e-10)
    assert others["indicator.A01.value"]["numerator"] == 690
    inside = facts.book.facts["indicator.A09.value"].value
    assert inside and attacked(inside) == TRUTH  # nothing is lost inside


def test_the_marts_as_csv_have_no_digit_more_either(hidden: duckdb.DuckDBPyConnection) -> None:
    doubles = hidden.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
        " and data_type = 'DOUBLE'"
    ).fetchall()
    files = {one.name: read_csv(one.data) for one in mart_files(Marts(hidden, QUARTER))}
    seen = 0
    for name, column in doubles:
        for row in files[name]:
            if row.get("indicator_code") == "A09" and row[column]:
                exponent = Decimal(row[column]).as_tuple().exponent
                assert isinstance(exponent, int) and exponent >= -1, (name, column)
                seen += 1
    assert seen > 30
    (whole,) = [row for row in files["indicator_progress"] if row["indicator_code"] == "A09"]
    assert (whole["value"], whole["numerator"], whole["year_completion_denominator"]) == ("99.6", "", "")
    (poor,) = [row for row in files["indicator_progress"] if row["indicator_code"] == "A01"]
    assert len(poor["value"]) > 8


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (Form("%", 100, 1), Decimal("99.6")),
        (Form("%", 100, 0), Decimal(100)),
        (Form("%", 100, 4), Decimal("99.6005")),
    ],
)
def test_what_follows_from_a_figure_is_told_as_it_is(form: Form, told: Decimal) -> None:
    book, here = FactBook("2023-Q4", "here"), Origin("A09", "city")
    value = book.ratio("value", TRUTH.numerator, TRUTH.denominator, form, here, counts_shown=False)
    later = book.ratio("later", Decimal("99.6417318"), None, Form("%", decimals=2), here.of("projected_year_end"))
    other = book.ratio("other", 1, 3, form, Origin("A01", "city"))
    assert value.told == told
    assert (later.told, later.as_json("here")["numerator"]) == (Decimal("99.64"), None)
    assert (other.told, other.as_json("here")["numerator"]) == (other.value, 1)
