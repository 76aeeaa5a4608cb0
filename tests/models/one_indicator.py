"""A programme of one indicator `I`, and where it stands in marts.indicator_progress."""

from typing import Any

from .conftest import RunModel
from .returns import Returns

MODEL = "marts/indicator_progress"


def progress(run_model: RunModel, returns: Returns, quarter: str, indicator: str = "I") -> dict[str, Any]:
    rows = run_model(MODEL, returns.tables)
    return next(row for row in rows if (row["quarter"], row["indicator_code"]) == (quarter, indicator))


def with_stock(**more: Any) -> Returns:
    """One indicator: an agency's figure for the city, higher is better unless told."""
    returns = Returns()
    returns.measure("level", level="city", reported_by="agency", reporter="so")
    returns.indicator("I", "level", **{"aggregation": "city_only", "decimals": 2, **more})
    return returns


def with_flow(**more: Any) -> Returns:
    returns = Returns()
    returns.measure("jobs", period_kind="flow")
    returns.indicator("I", "jobs", **more)
    return returns


def agency(returns: Returns, quarter: str, value: Any) -> None:
    returns.send(quarter, "so", {"level@city": value}, form="bieu05")


def status_of(run_model: RunModel, returns: Returns, quarter: str = "2023-Q4") -> str:
    return progress(run_model, returns, quarter)["computed_status"]
