"""The warehouses of one Dagster run: opened when first asked for, published when every step succeeded."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from pipeline.errors import GiaobanError
from pipeline.warehouse.dead_runs import begin_run
from pipeline.warehouse.file import Warehouse, open_folder_for_reading, warehouse_file
from pipeline.warehouse.journal import begin_entry, end_entry, journal_file
from pipeline.warehouse.makings import Makings
from pipeline.warehouse.old_runs import PARTITION_TAG, RANGE_TAGS, forget_old_runs
from pipeline.warehouse.outcome import run_outcome

progress = logging.getLogger("giaoban")
IN_PROCESS = ("in_process", "execute_in_process_executor")
UNFINISHED = "Lần chạy bị dừng trước khi xong."


class PublishingFailed(BaseException):
    """The finished warehouse could not be swapped in.

    Not an Exception: Dagster merely logs one that is raised while resources are torn down and calls
    the run a success all the same.
    """


class WarehouseResource(dg.ConfigurableResource[None]):
    """One warehouse per programme, shared by the steps of a run.

    `as_of` and `private_folder` go together: the command line sets them for a run that must not be seen,
    and the warehouses then live in that folder instead of build/<programme>.
    """

    home: str
    as_of: str = ""
    private_folder: str = ""
    _open: dict[str, Warehouse] = PrivateAttr(default_factory=dict)

    @property
    def cut(self) -> date | None:
        """The date at which register, targets and assessments are cut; None: everything counts."""
        return date.fromisoformat(self.as_of) if self.as_of else None

    def folder(self, programme_id: str) -> Path:
        build = Path(self.private_folder) if self.private_folder else Path(self.home) / "build"
        return build / programme_id

    def of(self, programme_id: str) -> Warehouse:
        """The run's own copy of a programme's warehouse; waits, and says so, while another run has it."""
        if programme_id not in self._open:
            # a private run starts from what is published, so that no file is read twice
            published = warehouse_file(Path(self.home) / "build" / programme_id)
            self._open[programme_id] = Warehouse(
                self.folder(programme_id), programme_id, progress.warning, start_from=published
            )
        return self._open[programme_id]

    def is_writing(self, programme_id: str) -> bool:
        """Whether this run has a copy of its own, and with it the lock that keeps other writers waiting."""
        return programme_id in self._open

    def makings(self, programme_id: str, connection: duckdb.DuckDBPyConnection) -> Makings:
        """What the tables behind a connection of `reading` were made from."""
        return self._open[programme_id].makings if programme_id in self._open else Makings(connection)

    @contextmanager
    def reading(self, programme_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """The run's copy where it has one, else what was last published, read-only."""
        if programme_id in self._open:
            yield self._open[programme_id].connection
            return
        connection = open_folder_for_reading(self.folder(programme_id), programme_id)
        try:
            yield connection
        finally:
            connection.close()

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        self._open = {}
        if context.instance and context.run:
            begin_run(context.instance, context.run)
            if not self.private_folder:
                enter_begin(Path(self.home), context.run)
                forget_old_runs(context.instance, datetime.now(UTC))

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        assert context.instance and context.run
        outcome = run_outcome(context.instance, context.run.run_id)
        causes = outcome.causes or (() if outcome.is_complete else (UNFINISHED,))
        try:
            if outcome.is_complete:
                for warehouse in self._open.values():
                    warehouse.publish()
        except Exception as error:
            causes = (f"Không đưa được kho số liệu mới vào sử dụng: {error}",)
            raise PublishingFailed(causes[0]) from error
        finally:
            for warehouse in self._open.values():
                warehouse.close()
            self._open = {}
            if not self.private_folder:
                _enter_end_or_tell(Path(self.home), context.run, causes)


def enter_begin(home: Path, run: dg.DagsterRun) -> None:
    """Write into the journal what a run sets out to do."""
    for programme_id in _programmes_of(run):
        # in the interface any selection runs as the same job: with a briefing in it, that is what has to be mended
        is_briefing = dg.AssetKey([programme_id, "briefing", "briefing"]) in (run.asset_selection or ())
        job = f"{programme_id}_briefing" if is_briefing else run.job_name
        begin_entry(home, run.run_id, programme_id, job, _quarters_of(run))


def enter_end(home: Path, run: dg.DagsterRun, causes: Sequence[str]) -> None:
    """Write into the journal how a run ended: done without causes, failed with them."""
    for programme_id in _programmes_of(run):
        end_entry(home, run.run_id, programme_id, list(causes))


def _enter_end_or_tell(home: Path, run: dg.DagsterRun, causes: Sequence[str]) -> None:
    """A journal that cannot be written must not hide PublishingFailed, which alone makes Dagster fail the run."""
    try:
        enter_end(home, run, causes)
    except Exception as error:
        progress.error(
            "Không ghi được kết quả lần chạy vào %s: %s. Kiểm tra ổ đĩa và quyền ghi.", journal_file(home), error
        )


def _programmes_of(run: dg.DagsterRun) -> list[str]:
    """The programmes a run is for: of its assets, else of its job."""
    return sorted({key.path[0] for key in run.asset_selection or ()}) or [run.job_name.rpartition("_")[0]]


def _quarters_of(run: dg.DagsterRun) -> tuple[str, ...]:
    """The quarter of a run, or the first and the last of its range; none for models alone."""
    named = (run.tags.get(tag) for tag in (PARTITION_TAG, *RANGE_TAGS))
    return tuple(dict.fromkeys(quarter for quarter in named if quarter))


@contextmanager
def step(context: dg.AssetExecutionContext, title: str) -> Iterator[None]:
    """The frame of every asset body: one process only, progress told, Vietnamese errors kept as they are."""
    executor = context.job_def.executor_def.name
    if executor not in IN_PROCESS:
        raise dg.Failure(
            f"Kho số liệu chỉ ghi được trong một tiến trình; không dùng executor '{executor}', "
            "hãy dùng in_process_executor."
        )
    progress.info(title)
    try:
        yield
    except GiaobanError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
