"""The steps of a programme as Dagster assets: definitions read, files taken in, senders answered, briefing printed.

The models between them are assets too, made from sql/ by models/assets.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb

from pipeline.currency import ChangedMeanwhileError, Tables, current_tables
from pipeline.errors import GiaobanError
from pipeline.finished_files import address
from pipeline.models import LAYERS, SqlFiles
from pipeline.models.assets import asset_key, check_specs, is_refresh, run_checks, table_metadata
from pipeline.programme import Programme, load_programme
from pipeline.programme.frames import programme_frames
from pipeline.quarters import Quarter
from pipeline.warehouse import fresh_set, quarter_fingerprint, reading_fingerprint
from pipeline.warehouse.resource import WarehouseResource, progress, step

if TYPE_CHECKING:
    from pipeline.feedback.summary import FeedbackSummary

DEFINITION_TABLES = (
    "programme", "quarters", "areas", "owners", "measures",
    "measure_parts", "measure_successors", "indicators", "targets", "assessments",
    "method_breaks", "tasks", "corrections", "waivers", "issues", "issued_figures",
)  # fmt: skip
INTAKE_TABLES = ("receipts", "submissions", "forms", "observations", "stated", "remarks", "findings")
BRIEFING, FEEDBACK = "briefing.briefing", "feedback.letters"


def raw_tables(names: Iterable[str] = (*DEFINITION_TABLES, *INTAKE_TABLES)) -> list[str]:
    return [f"raw.{name}" for name in names]


class BriefingConfig(dg.Config):
    """`out`: the folder the files are copied into instead of build/<programme>/<quarter>; `edition`: full or public.

    `areas`: the districts that get pages of their own in the full one: all, or codes with commas between them, or
    nothing.
    """

    out: str = ""
    edition: str = "full"
    areas: str = "all"


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
            if is_refresh(context):  # the first step of it
                held = [model.table for model in files.models] + [f"checks.{check.name}" for check in files.checks]
                work.drop_all_but((*LAYERS, "checks"), held)
            for name, frame in programme_frames(current, warehouse.cut).items():
                rows = work.replace_table(f"raw.{name}", frame)
                yield dg.MaterializeResult(
                    asset_key(programme.id, f"raw.{name}"), metadata=table_metadata(work, f"raw.{name}", rows)
                )
            yield from run_checks(programme.id, work, checks, keep=is_refresh(context))

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
            yield from run_checks(programme.id, work, checks, keep=is_refresh(context))

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
            for quarter in _quarters_of(context, current):
                with fresh_set(folder, str(quarter), waiting=progress.warning) as fresh:
                    answered = _answer_senders(current, quarter, connection, files, fresh, folder / str(quarter))
                told = {
                    "folder": dg.MetadataValue.path(str(folder / str(quarter))),
                    "senders": answered.senders,
                    "must resend": ", ".join(answered.must_resend) or "-",
                }
                context.add_asset_metadata(told, partition_key=str(quarter))
            return dg.MaterializeResult()

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
    """The official document of a quarter, printed from the marts.

    A set that is what the inputs give stays as it is: an issued one is not replaced by a draft of the same figures.
    """

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
        with step(context, "In báo cáo tóm tắt"):
            current = load_programme(Path(warehouse.home), programme.id)
            for quarter in _quarters_of(context, current):
                shown = _unchanged(config, current, quarter, warehouse.cut)
                while shown is None:
                    with current_tables(warehouse, current, quarter, files, context.instance) as tables:
                        shown = _made_set(config, current, quarter, tables, files, warehouse.cut)
                context.add_asset_metadata(shown, partition_key=str(quarter))
            return dg.MaterializeResult()

    return build


def _made_set(
    config: BriefingConfig,
    programme: Programme,
    quarter: Quarter,
    tables: Tables,
    files: SqlFiles,
    as_of: date | None,
) -> dict[str, Any] | None:
    """Print what was asked for; what the interface shows of it.

    None, and nothing kept, where files changed in the meantime: it is to be printed again from other tables.
    """
    label = set_label(quarter, config.edition, as_of)
    there = programme.home / "build" / programme.id / label
    try:
        with fresh_set(there.parent, label, config.out, progress.warning) as folder:
            written = _print_edition(config, programme, quarter, tables.connection, folder, there, as_of)
            if as_of and config.edition == "full":
                (folder / "feedback").mkdir()
                _answer_senders(programme, quarter, tables.connection, files, folder / "feedback")
            tables.confirm()
    except ChangedMeanwhileError:
        progress.warning("Có tệp thay đổi trong khi in; báo cáo được in lại từ số liệu mới.")
        return None
    return _shown(programme, label, config.out, written)


def _unchanged(
    config: BriefingConfig, programme: Programme, quarter: Quarter, as_of: date | None
) -> dict[str, Any] | None:
    """What the interface shows of the full briefing that is there, where it would come out the same."""
    from pipeline.briefing.provenance import is_up_to_date

    label = set_label(quarter, config.edition, as_of)
    folder = programme.home / "build" / programme.id / label
    if config.edition != "full" or config.out or not is_up_to_date(programme, quarter, folder, _asked_areas(config)):
        return None
    pdf = folder / "briefing.pdf"
    others = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != pdf]
    return _shown(programme, label, "", [pdf, *others])


def _asked_areas(config: BriefingConfig) -> list[str] | None:
    return None if config.areas == "all" else [code for code in config.areas.split(",") if code]


def _print_edition(
    config: BriefingConfig,
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    earlier: Path,
    as_of: date | None,
) -> list[Path]:
    if config.edition == "public":
        from pipeline.briefing.public.building import build_public

        return build_public(programme, quarter, connection, programme.home, folder, as_of=as_of, progress=progress.info)
    from pipeline.briefing.document import build_briefing

    return build_briefing(
        programme, quarter, connection, programme.home, folder, as_of=as_of, progress=progress.info,
        areas=_asked_areas(config), earlier=earlier,
    )  # fmt: skip


def set_label(quarter: Quarter, edition: str, as_of: object) -> str:
    """The folder of a set under build/<programme>: '2023-Q4', '2023-Q4-public', '2023-Q4@2024-01-12'."""
    return f"{quarter}{'-public' if edition == 'public' else ''}{f'@{as_of}' if as_of else ''}"


def _shown(programme: Programme, label: str, out: str, written: Sequence[Path]) -> dict[str, Any]:
    """What the interface shows of one printed set: where each file of its top folder is, pages, the first page."""
    from pipeline.briefing.paper.preview import first_page, page_count

    place = Path(out or programme.home / "build" / programme.id / label)
    top = [path for path in written if path.parent == written[0].parent]
    return {
        **({} if out else {"PDF": dg.MetadataValue.url(address(programme.id, label, "briefing.pdf"))}),
        **{path.name: dg.MetadataValue.path(str(place / path.name)) for path in top},
        "files": len(written),
        "pages": page_count(place / written[0].name),
        "preview": dg.MetadataValue.md(first_page(place / written[0].name)),
    }


def _quarters_of(context: dg.AssetExecutionContext, programme: Programme) -> list[Quarter]:
    """The quarters of this run; GiaobanError for one outside the programme's term."""
    asked = [Quarter.parse(key) for key in context.partition_keys]
    for quarter in asked:
        if quarter not in programme.quarters:
            first, last = programme.quarters[0], programme.quarters[-1]
            raise GiaobanError(f"{quarter} nằm ngoài thời hạn của {programme.short_title}: {first} đến {last}.")
    return asked
