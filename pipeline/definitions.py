"""All programmes under raw/ as Dagster assets, jobs and schedules; `dg` and `dagster` load this module."""

import logging
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.automation import monthly_refresh, new_files, notice_of_failures
from pipeline.models import SqlFiles, read_sql_files
from pipeline.models.assets import REFRESH, asset_key, model_assets
from pipeline.programme import Programme, load_programmes
from pipeline.steps import BRIEFING, briefing_asset, definition_assets, feedback_asset, intake_assets, raw_tables
from pipeline.warehouse.resource import WarehouseResource

# backfill_policy is beta in Dagster; the pinned minor version is what the tests run on
warnings.filterwarnings("ignore", category=dg.BetaWarning)


def programme_definitions(
    programme: Programme, files: SqlFiles, quarters: dg.StaticPartitionsDefinition
) -> dg.Definitions:
    """Everything Dagster knows of one programme: assets by stage, checks, jobs, schedule."""
    everything = dg.AssetSelection.key_prefixes([programme.id])
    document = dg.AssetSelection.assets(asset_key(programme.id, BRIEFING))
    refresh = dg.define_asset_job(
        f"{programme.id}{REFRESH}",
        selection=everything - document,
        executor_def=dg.in_process_executor,
        description=f"{programme.short_title}: đọc báo cáo của quý, tính lại mọi bảng, kiểm tra.",
    )
    briefing = dg.define_asset_job(
        f"{programme.id}_briefing",
        selection=document,
        executor_def=dg.in_process_executor,
        description=f"{programme.short_title}: in báo cáo tóm tắt của quý.",
    )
    return dg.Definitions(
        assets=dg.map_asset_specs(
            # who signs for the figures answers for every table they come from
            lambda spec: spec.replace_attributes(owners=[f"team:{programme.document.issuing_body}"]),
            [
                definition_assets(programme, files),
                intake_assets(programme, files, quarters),
                *model_assets(programme.id, files),
                feedback_asset(programme, files, quarters),
                briefing_asset(programme, files, quarters),
            ],
        ),
        jobs=[refresh, briefing],
        schedules=[monthly_refresh(programme, refresh)],
        sensors=[new_files(programme, refresh)],
    )


def definitions_of(
    programmes: Sequence[Programme], warehouse: WarehouseResource, metadata: dict[str, Any] | None = None
) -> dg.Definitions:
    """The given programmes under one set of quarters, with the executor and the resource they share."""
    files = read_sql_files(raw_tables())
    terms = sorted({str(quarter) for programme in programmes for quarter in programme.quarters})
    quarters = dg.StaticPartitionsDefinition(terms)
    return dg.Definitions.merge(
        dg.Definitions(
            resources={"warehouse": warehouse},
            executor=dg.in_process_executor,
            metadata=metadata or {},
            sensors=[notice_of_failures(Path(warehouse.home))],
        ),
        *(programme_definitions(programme, files, quarters) for programme in programmes),
    )


def load_definitions(home: Path) -> dg.Definitions:
    """Every programme that loads; a broken one is logged and named in the metadata, the others work."""
    found = load_programmes(home)
    for error in found.broken.values():
        logging.getLogger(__name__).error("%s", error)
    broken = {f"broken/{programme_id}": str(error) for programme_id, error in found.broken.items()}
    return definitions_of(found.loaded, WarehouseResource(home=str(home)), broken)


@dg.definitions
def defs() -> dg.Definitions:
    """What `dg`, `dagster` and the web interface load: the home is GIAOBAN_HOME, else the current folder."""
    return load_definitions(Path(os.environ.get("GIAOBAN_HOME") or ".").resolve())
