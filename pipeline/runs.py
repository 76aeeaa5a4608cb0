"""Running assets for the command line: which quarters to read again, in which Dagster run, and what came out."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipeline.definitions import definitions_of
from pipeline.errors import GiaobanError, UsageError
from pipeline.models.assets import asset_key
from pipeline.programme import Programme
from pipeline.quarters import Quarter, quarters_between
from pipeline.run_record import open_record
from pipeline.steps import DEFINITION_TABLES, INTAKE_TABLES, set_label
from pipeline.warehouse import changed_quarters, taken_in
from pipeline.warehouse.file import open_folder_for_reading
from pipeline.warehouse.old_runs import RANGE_TAGS
from pipeline.warehouse.outcome import Doubt, RunOutcome, run_outcome
from pipeline.warehouse.process import is_alive, process_mark
from pipeline.warehouse.resource import WarehouseResource

_PRIVATE = "giaoban-as-of-"  # then the mark of the process it belongs to
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Runner:
    """The runs of one programme: in build/ and on the record, or private and gone afterwards with `as_of`.

    Every method raises GiaobanError when its run failed; nothing was published then.
    """

    def __init__(self, programme: Programme, as_of: date | None = None) -> None:
        self.programme = programme
        self.doubts: tuple[Doubt, ...] = ()
        self._as_of = as_of
        self._private = _private_folder() if as_of else None
        self._resource = WarehouseResource(
            home=str(programme.home.resolve()),
            as_of=as_of.isoformat() if as_of else "",
            private_folder=self._private.name if self._private else "",
        )
        self._definitions = definitions_of([programme], self._resource)
        self._instance = dg.DagsterInstance.ephemeral() if as_of else open_record(programme.home)

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self._instance.dispose()
        if self._private:
            self._private.cleanup()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """What the runs so far published, read-only."""
        folder = self._resource.folder(self.programme.id)
        with closing(open_folder_for_reading(folder, self.programme.id)) as connection:
            yield connection

    def refresh(self, quarter: Quarter) -> list[Quarter]:
        """Read `quarter` and every changed earlier one, rebuild and check all models; the quarters read.

        A run takes one range: what lies between the first changed quarter and `quarter` is read too. Under `as_of`
        each quarter is cut at that day, the later ones as well.
        """
        first, *_, last = sorted([*self._changed_up_to(quarter), quarter, quarter])
        self._run(f"{self.programme.id}_refresh", (first, last))
        return quarters_between(first, last)

    def briefing(
        self, quarter: Quarter, out: Path | None = None, edition: str = "full", areas: Sequence[str] | None = None
    ) -> Path:
        """Refresh, then print the quarter's document, `full` or `public`, and the pages of all districts or of those
        named; the folder with its files."""
        self.refresh(quarter)
        pages = "all" if areas is None else ",".join(areas)
        config = {"config": {"out": str(out.resolve()) if out else "", "edition": edition, "areas": pages}}
        self._run(
            f"{self.programme.id}_briefing",
            (quarter, quarter),
            config={"ops": {f"{self.programme.id}__briefing__briefing": config}},
        )
        label = set_label(quarter, edition, self._as_of)
        return out or self.programme.home / "build" / self.programme.id / label

    def feedback_folder(self, quarter: Quarter) -> Path:
        """Where a refresh puts the letters to the senders of a quarter."""
        return self.programme.home / "build" / self.programme.id / "feedback" / str(quarter)

    def run(self, selection: str, quarter: Quarter | None) -> list[str]:
        """Rebuild exactly the tables of a selection; their names. UsageError if it needs a quarter.

        GiaobanError before the first refresh: models without what they read would be published as a whole.
        """
        names = self.select(selection)
        partitioned = {"briefing/briefing", "feedback/letters", *(f"raw/{name}" for name in INTAKE_TABLES)}
        if partitioned & set(names) and quarter is None:
            raise UsageError(
                f"Lựa chọn '{selection}' có bước đọc báo cáo, in báo cáo hoặc viết thư của một quý; "
                "đề nghị thêm --quarter, ví dụ --quarter 2023-Q4."
            )
        if not partitioned & set(names):
            with self.reading():  # before the first refresh this says what to run first
                pass
        self._run(
            "__ASSET_JOB",
            (quarter, quarter) if quarter and partitioned & set(names) else None,
            selection=[asset_key(self.programme.id, name.replace("/", ".")) for name in names],
        )
        return names

    def select(self, selection: str) -> list[str]:
        """The assets of a Dagster selection such as `+marts/indicator_progress`, as <layer>/<table>.

        `*` matches any name; UsageError lists what exists.
        """
        known = {"/".join(key.path[1:]) for key in self._definitions.resolve_all_asset_keys()}

        def spell(match: re.Match[str]) -> str:
            name = match[0].removeprefix(f"{self.programme.id}/")
            if not fnmatch.filter(known, name):
                listing = "\n".join(f"  {existing}" for existing in sorted(known))
                raise UsageError(f"Không có bảng '{name}'. Các bảng hiện có:\n{listing}")
            return f'key:"{self.programme.id}/{name}"'

        expression = re.sub(r"[A-Za-z_*][\w*]*(?:/[\w*]+)+", spell, selection)
        try:
            chosen = dg.AssetSelection.from_string(expression)
            keys = chosen.resolve(self._definitions.resolve_asset_graph())
        except dg.DagsterError as error:
            raise UsageError(
                f"Không hiểu lựa chọn '{selection}'. Viết ví dụ: marts/poverty_rates, "
                "+marts/indicator_progress, 'marts/*'."
            ) from error
        names = {"/".join(key.path[1:]) for key in keys}
        # what is written by one step can only be rebuilt together
        for step_tables in (DEFINITION_TABLES, INTAKE_TABLES):
            step_names = {f"raw/{table}" for table in step_tables}
            if names & step_names:
                names |= step_names
        return sorted(names)

    def _changed_up_to(self, quarter: Quarter) -> list[Quarter]:
        """Quarters up to `quarter` to read again. Under `as_of` that is every quarter, the later ones too."""
        if not self._as_of:
            return [one for one in changed_quarters(self.programme) if one <= quarter]
        known = taken_in(self.programme.home / "build" / self.programme.id)
        submitted = self.programme.submitted_quarters()
        return [one for one in self.programme.quarters if one in submitted or str(one) in known]

    def _run(
        self,
        job_name: str,
        partitions: tuple[Quarter, Quarter] | None,
        selection: Sequence[dg.AssetKey] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        job = (
            self._definitions.resolve_implicit_global_asset_job_def()
            if job_name == "__ASSET_JOB"
            else self._definitions.resolve_job_def(job_name)
        )
        is_range = partitions is not None and partitions[0] != partitions[1]
        result = job.execute_in_process(
            run_config={**QUIET, **(config or {})},
            instance=self._instance,
            partition_key=str(partitions[1]) if partitions and not is_range else None,
            tags=dict(zip(RANGE_TAGS, map(str, partitions), strict=True)) if partitions and is_range else None,
            asset_selection=selection,
            raise_on_error=False,
        )
        outcome = run_outcome(self._instance, result.run_id)
        self.doubts = outcome.doubts
        if not result.success:
            if outcome.is_interrupted:
                raise KeyboardInterrupt
            raise GiaobanError(_failure(result, outcome))


def _private_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for one run that nobody sees; those that killed ones left behind go."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PRIVATE}*"):
        mark = left.name.removeprefix(_PRIVATE).rpartition("-")[0]
        if not is_alive(mark):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{_PRIVATE}{process_mark(os.getpid())}-")


def _failure(result: dg.ExecuteInProcessResult, outcome: RunOutcome) -> str:
    """What went wrong in a run, so that a secretary can act on it or forward it."""
    lines = list(outcome.causes)
    if not lines:
        for event in result.filter_events(lambda event: event.is_run_failure):
            fault = event.job_failure_data.error
            lines.append(fault.message.strip() if fault else str(event.message))
    record = f"Kho số liệu và báo cáo đã có được giữ nguyên. Mã lần chạy: {result.run_id}."
    return "\n".join([*lines, record])
