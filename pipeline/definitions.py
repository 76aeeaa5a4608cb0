"""All programmes under raw/ as Dagster assets, jobs and schedules; `dg` and `dagster` load this module."""

import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipeline.errors import GiaobanError
from pipeline.finished_files import address
from pipeline.models import SqlFiles, read_sql_files
from pipeline.models.assets import asset_key, check_specs, model_assets, run_checks, table_metadata
from pipeline.programme import Programme, load_programme, load_programmes
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.warehouse import fresh_set, quarter_fingerprint, reading_fingerprint
from pipeline.warehouse.resource import WarehouseResource, progress, step

if TYPE_CHECKING:
    from pipeline.feedback.summary import FeedbackSummary

# backfill_policy is beta in Dagster; the pinned minor version is what the tests run on
warnings.filterwarnings("ignore", category=dg.BetaWarning)

DEFINITION_TABLES = (
    "programme", "quarters", "areas", "owners", "measures",
    "measure_parts", "measure_successors", "indicators", "targets", "assessments",
    "method_breaks", "tasks", "corrections", "waivers", "issues", "issued_figures",
)  # fmt: skip
INTAKE_TABLES = ("receipts", "submissions", "forms", "observations", "stated", "remarks", "findings")
BRIEFING, FEEDBACK = "briefing.briefing", "feedback.letters"
TIME_ZONE = "Asia/Ho_Chi_Minh"


def raw_tables(names: Iterable[str] = (*DEFINITION_TABLES, *INTAKE_TABLES)) -> list[str]:
    return [f"raw.{name}" for name in names]


class BriefingConfig(dg.Config):
    """`out`: the folder the files are copied into instead of build/<programme>/<quarter>."""

    out: str = ""


def programme_definitions(
    programme: Programme, files: SqlFiles, quarters: dg.StaticPartitionsDefinition
) -> dg.Definitions:
    """Everything Dagster knows of one programme: assets by stage, checks, jobs, schedule."""
    everything = dg.AssetSelection.key_prefixes([programme.id])
    document = dg.AssetSelection.assets(asset_key(programme.id, BRIEFING))
    refresh = dg.define_asset_job(
        f"{programme.id}_refresh",
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
        assets=[
            definition_assets(programme, files),
            intake_assets(programme, files, quarters),
            *model_assets(programme.id, files),
            feedback_asset(programme, files, quarters),
            briefing_asset(programme, files, quarters),
        ],
        jobs=[refresh, briefing],
        schedules=[monthly_refresh(programme, refresh)],
    )


def definition_assets(programme: Programme, files: SqlFiles) -> dg.AssetsDefinition:
    """The programme's own tables (areas, indicators, targets, ...) as they stand in raw/<programme>/."""
    tables = raw_tables(DEFINITION_TABLES)
    checks = files.checks_of(tables)

    @dg.multi_asset(
        name=f"{programme.id}_definitions",
        specs=[
            dg.AssetSpec(
                asset_key(programme.id, table),
                group_name=f"{programme.id}_definitions",
                kinds={"csv", "duckdb"},
                description=f"Khai báo của {programme.short_title}: bảng {table}.",
            )
            for table in tables
        ],
        check_specs=check_specs(programme.id, checks),
        can_subset=False,
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Any]:
        with step(context, "Đọc khai báo chương trình"):
            current = load_programme(Path(warehouse.home), programme.id)
            work = warehouse.of(programme.id)
            for name, frame in programme_frames(current, warehouse.cut).items():
                rows = work.replace_table(f"raw.{name}", frame)
                yield dg.MaterializeResult(
                    asset_key(programme.id, f"raw.{name}"), metadata=table_metadata(work, f"raw.{name}", rows)
                )
            yield from run_checks(programme.id, work, checks)

    return build


def intake_assets(
    programme: Programme, files: SqlFiles, quarters: dg.StaticPartitionsDefinition
) -> dg.AssetsDefinition:
    """What the reporters sent for a quarter, read cell by cell; replaces that quarter's rows."""
    tables = raw_tables(INTAKE_TABLES)
    checks = files.checks_of(tables)

    @dg.multi_asset(
        name=f"{programme.id}_intake",
        specs=[
            dg.AssetSpec(
                asset_key(programme.id, table),
                deps=[asset_key(programme.id, definition) for definition in raw_tables(DEFINITION_TABLES)],
                group_name=f"{programme.id}_intake",
                kinds={"excel", "polars", "duckdb"},
                description=f"Báo cáo gửi lên của {programme.short_title}: bảng {table}.",
                partitions_def=quarters,
            )
            for table in tables
        ],
        check_specs=check_specs(programme.id, checks),
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=False,
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Any]:
        with step(context, "Đọc báo cáo gửi lên"):
            from pipeline.intake import Readers, take_in

            current = load_programme(Path(warehouse.home), programme.id)
            work = warehouse.of(programme.id)
            read_with = reading_fingerprint(current)
            with Readers() as readers:
                for quarter in _quarters_of(context, current):
                    progress.info("Đọc báo cáo gửi lên, %s", quarter.title)
                    fingerprint = quarter_fingerprint(current, quarter)
                    known = work.read_with(str(quarter))
                    taken = take_in(current, quarter, warehouse.cut, progress.debug, readers, read_with, known)
                    frames = {f"raw.{name}": frame for name, frame in taken.frames.items()}
                    work.replace_quarter(str(quarter), frames, fingerprint, taken.kept)
            for table in tables:
                yield dg.MaterializeResult(
                    asset_key(programme.id, table), metadata=table_metadata(work, table, work.count(table))
                )
            yield from run_checks(programme.id, work, checks)

    return build


def feedback_asset(
    programme: Programme, files: SqlFiles, quarters: dg.StaticPartitionsDefinition
) -> dg.AssetsDefinition:
    """A letter to everybody who sent something for a quarter, with marked copies of files that need mending.

    It comes after every model and check: a sender is told of figures that will be used.
    """
    tables = [*raw_tables(INTAKE_TABLES), *(model.table for model in files.models)]

    @dg.asset(
        key=asset_key(programme.id, FEEDBACK),
        deps=[asset_key(programme.id, table) for table in tables],
        partitions_def=quarters,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=f"{programme.id}_feedback",
        kinds={"html", "excel"},
        description=f"Thư phản hồi các đơn vị gửi báo cáo của {programme.short_title}, kèm bản sao đã đánh dấu.",
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:  # type: ignore[type-arg]  # dagster knows the bare class only
        with step(context, "Viết thư phản hồi"), warehouse.reading(programme.id) as connection:
            if warehouse.as_of:
                return dg.MaterializeResult(metadata={"note": "thư của một ngày nằm cùng báo cáo của ngày đó"})
            current = load_programme(Path(warehouse.home), programme.id)
            folder = current.home / "build" / programme.id / "feedback"
            made: dict[str, Any] = {}
            for quarter in _quarters_of(context, current):
                with fresh_set(folder, str(quarter)) as fresh:
                    answered = _answer_senders(current, quarter, connection, files, fresh, folder / str(quarter))
                made[str(quarter)] = dg.MetadataValue.path(str(folder / str(quarter)))
                made[f"{quarter} must resend"] = ", ".join(answered.must_resend) or "-"
                made[f"{quarter} senders"] = answered.senders
            return dg.MaterializeResult(metadata=made)

    return build


def _answer_senders(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    files: SqlFiles,
    out: Path,
    earlier: Path | None = None,
) -> "FeedbackSummary":
    from pipeline.feedback.folder import write_feedback
    from pipeline.intake.cells import read_sheets

    return write_feedback(programme, quarter, connection, files.checks, read_sheets, out, earlier)


def briefing_asset(
    programme: Programme, files: SqlFiles, quarters: dg.StaticPartitionsDefinition
) -> dg.AssetsDefinition:
    """The official document of a quarter, printed from the marts."""

    @dg.asset(
        key=asset_key(programme.id, BRIEFING),
        deps=[asset_key(programme.id, model.table) for model in files.models if model.layer == "marts"],
        partitions_def=quarters,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=f"{programme.id}_briefing",
        kinds={"pdf"},
        description=f"Báo cáo tóm tắt của {programme.short_title} phục vụ hội nghị giao ban quý.",
    )
    def build(
        context: dg.AssetExecutionContext, config: BriefingConfig, warehouse: WarehouseResource
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]  # dagster knows the bare class only
        with step(context, "In báo cáo tóm tắt"), warehouse.reading(programme.id) as connection:
            from pipeline.briefing.document import build_briefing

            home = Path(warehouse.home)
            current = load_programme(home, programme.id)
            made: dict[str, Any] = {}
            for quarter in _quarters_of(context, current):
                label = f"{quarter}@{warehouse.as_of}" if warehouse.as_of else str(quarter)
                _refuse_stale(current, quarter, connection)
                with fresh_set(home / "build" / programme.id, label, config.out) as folder:
                    written = build_briefing(
                        current, quarter, connection, home, folder, as_of=warehouse.cut, progress=progress.info
                    )
                    if warehouse.as_of:
                        (folder / "feedback").mkdir()
                        _answer_senders(current, quarter, connection, files, folder / "feedback")
                made[label] = [path.name for path in written]
                if not config.out:
                    made[f"{label} PDF"] = dg.MetadataValue.url(address(programme.id, label, "briefing.pdf"))
            return dg.MaterializeResult(metadata=made)

    return build


def _refuse_stale(programme: Programme, quarter: Quarter, connection: duckdb.DuckDBPyConnection) -> None:
    """GiaobanError where files changed since they were read: inputs.json would not be what the figures are of."""
    read = dict(connection.execute("select quarter, fingerprint from raw.taken_in").fetchall())
    changed = [
        str(earlier)
        for earlier in programme.submitted_quarters()
        if earlier <= quarter and read.get(str(earlier)) != quarter_fingerprint(programme, earlier)
    ]
    if changed:
        raise GiaobanError(
            f"Tệp hoặc khai báo của {', '.join(changed)} đã thay đổi sau lần đọc gần nhất, báo cáo chưa được in. "
            f"Đề nghị chạy: giaoban briefing {programme.id} {quarter}"
        )


def _quarters_of(context: dg.AssetExecutionContext, programme: Programme) -> list[Quarter]:
    """The quarters of this run; GiaobanError for one outside the programme's term."""
    asked = [Quarter.parse(key) for key in context.partition_keys]
    for quarter in asked:
        if quarter not in programme.quarters:
            first, last = programme.quarters[0], programme.quarters[-1]
            raise GiaobanError(f"{quarter} nằm ngoài thời hạn của {programme.short_title}: {first} đến {last}.")
    return asked


def monthly_refresh(programme: Programme, job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """On the 6th: read the quarter of last month again and rebuild every model."""

    def request(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        last_month = context.scheduled_execution_time.date().replace(day=1) - timedelta(days=1)
        quarter = Quarter.of(last_month)
        if quarter not in programme.quarters:
            return dg.SkipReason(f"{quarter} nằm ngoài thời hạn của {programme.short_title}.")
        return dg.RunRequest(partition_key=str(quarter))

    return dg.ScheduleDefinition(
        name=f"{programme.id}_monthly_refresh",
        job=job,
        cron_schedule="0 6 6 * *",
        execution_timezone=TIME_ZONE,
        execution_fn=request,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{programme.short_title}: 6 giờ ngày 06 hằng tháng, làm mới số liệu quý của tháng trước.",
    )


def definitions_of(
    programmes: Sequence[Programme], warehouse: WarehouseResource, metadata: dict[str, Any] | None = None
) -> dg.Definitions:
    """The given programmes under one set of quarters, with the executor and the resource they share."""
    files = read_sql_files(raw_tables())
    terms = sorted({str(quarter) for programme in programmes for quarter in programme.quarters})
    quarters = dg.StaticPartitionsDefinition(terms)
    return dg.Definitions.merge(
        dg.Definitions(resources={"warehouse": warehouse}, executor=dg.in_process_executor, metadata=metadata or {}),
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
