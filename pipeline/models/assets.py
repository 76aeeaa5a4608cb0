"""Each SQL file as a Dagster asset, and the rules that judge its table in the same step."""

import html
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import dagster as dg

from pipeline.models.sql_files import CheckFile, SqlFile, SqlFiles
from pipeline.warehouse import Warehouse
from pipeline.warehouse.resource import WarehouseResource, step

PREVIEW_ROWS = 5
REFRESH = "_refresh"  # how the name of the job ends that brings everything up to date


def asset_key(programme_id: str, table: str) -> dg.AssetKey:
    """`marts.poverty_rates` -> [<programme>, marts, poverty_rates]."""
    return dg.AssetKey([programme_id, *table.split(".")])


def model_assets(programme_id: str, files: SqlFiles) -> list[dg.AssetsDefinition]:
    """One asset per model, in the order in which they are built."""
    return [model_asset(programme_id, model, files.checks_of([model.table])) for model in files.models]


def model_asset(programme_id: str, model: SqlFile, checks: Sequence[CheckFile]) -> dg.AssetsDefinition:
    """The asset rebuilds its table whole and judges it; a broken blocking rule stops what follows.

    A refresh keeps a table of which neither SQL nor inputs changed; who asks for the asset by name has it made anew.
    """

    @dg.asset(
        key=asset_key(programme_id, model.table),
        deps=[asset_key(programme_id, table) for table in model.inputs],
        check_specs=check_specs(programme_id, checks),
        group_name=f"{programme_id}_{model.layer}",
        kinds={"sql", "duckdb"},
        description=html.escape(
            f"{model.title}\n\n- grain: {model.grain}\n- units: {model.units}\n- source: {model.source}", quote=False
        ),
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]  # dagster knows the bare class only
        with step(context, f"Tính bảng {model.table}"):
            work = warehouse.of(programme_id)
            rows = work.rebuild(model.table, model.text, model.inputs, keep=is_refresh(context))
            return dg.MaterializeResult(
                metadata={"title": model.title, "grain": model.grain, **table_metadata(work, model.table, rows)},
                check_results=run_checks(programme_id, work, checks, keep=is_refresh(context)),
            )

    return build


def is_refresh(context: dg.AssetExecutionContext) -> bool:
    return str(context.job_name).endswith(REFRESH)


def table_metadata(warehouse: Warehouse, table: str, rows: int) -> dict[str, Any]:
    """Row count and the first rows, as the web interface shows them."""
    return {
        "dagster/row_count": rows,
        "preview": dg.MetadataValue.md(markdown_table(warehouse.rows(f"from {table} limit {PREVIEW_ROWS}"))),
    }


def markdown_table(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "(không có dòng nào)"

    def line(cells: Iterable[Any]) -> str:
        return "| " + " | ".join(_shown(cell) for cell in cells) + " |"

    return "\n".join([line(rows[0]), line("---" for _ in rows[0]), *(line(row.values()) for row in rows)])


def _shown(cell: Any) -> str:
    """Exact numbers without the zeros of their column type: 2100, not 2100.000000; text as text, whatever it holds."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".rstrip("0").rstrip(".") if "." in f"{cell:f}" else f"{cell:f}"
    text = "" if cell is None else " ".join(html.escape(str(cell), quote=False).split())
    return re.sub(r"([\\`*\[\]!|])", r"\\\1", text)


def check_specs(programme_id: str, checks: Sequence[CheckFile]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=check.name,
            asset=asset_key(programme_id, check.checks),
            blocking=check.is_blocking,
            description=f"{check.title_vi}\n\n{check.title}",
        )
        for check in checks
    ]


def run_checks(
    programme_id: str, warehouse: Warehouse, checks: Sequence[CheckFile], keep: bool = False
) -> list[dg.AssetCheckResult]:
    """Judge by each rule; the rows that break it stay as table checks.<name>, kept where nothing changed."""
    results = []
    for check in checks:
        table = f"checks.{check.name}"
        offending = warehouse.rebuild(table, check.text, (check.checks, *check.inputs), keep)
        results.append(
            dg.AssetCheckResult(
                asset_key=asset_key(programme_id, check.checks),
                check_name=check.name,
                passed=offending == 0,
                severity=dg.AssetCheckSeverity.ERROR if check.is_blocking else dg.AssetCheckSeverity.WARN,
                description=check.title_vi,
                metadata={**table_metadata(warehouse, table, offending), "rows": offending, "table": table},
            )
        )
    return results
