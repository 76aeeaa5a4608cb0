"""What Dagster loads: every programme under raw/, and the rules of keys, partitions and executor."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import dagster as dg
import pytest

from pipeline.definitions import load_definitions
from pipeline.models.assets import markdown_table
from pipeline.quarters import Quarter
from pipeline.runs import Runner
from pipeline.warehouse.resource import step
from tests.orchestration.conftest import REPOSITORY, Demo


def test_the_real_definitions_load_and_validate() -> None:
    dg.Definitions.validate_loadable(load_definitions(REPOSITORY))


def test_keys_groups_and_partitions(demo: Demo) -> None:
    graph = load_definitions(demo.home).resolve_asset_graph()
    name = demo.programme.id
    node = graph.get(dg.AssetKey([name, "marts", "totals"]))
    assert node.group_name == f"{name}_marts" and node.partitions_def is None
    assert {key.to_user_string() for key in node.parent_keys} == {
        f"{name}/staging/counts", f"{name}/raw/quarters",
    }  # fmt: skip
    assert all(graph.get(key).description and graph.get(key).kinds for key in graph.get_all_asset_keys())
    assert {tuple(graph.get(key).owners) for key in graph.get_all_asset_keys()} == {
        (f"team:{demo.programme.document.issuing_body}",)
    }
    partitioned = {key.path[1] for key in graph.get_all_asset_keys() if graph.get(key).partitions_def}
    assert partitioned == {"raw", "briefing", "feedback"}
    checks = {check.name: graph.get_check_spec(check).blocking for check in graph.asset_check_keys}
    assert checks == {"households_are_positive": True, "households_are_plausible": False}


def test_a_broken_programme_does_not_unload_the_others(demo: Demo) -> None:
    broken = demo.home / "raw" / "broken"
    broken.mkdir()
    (broken / "programme.yml").write_text("id: [", encoding="utf-8")
    definitions = load_definitions(demo.home)
    dg.Definitions.validate_loadable(definitions)
    assert {key.path[0] for key in definitions.resolve_all_asset_keys()} == {demo.programme.id}
    assert "broken/broken" in definitions.metadata


def test_the_schedule_asks_for_the_quarter_of_last_month(demo: Demo) -> None:
    with Runner(demo.programme) as runner:
        runner.refresh(Quarter(2023, 4))
    definitions = load_definitions(demo.home)
    schedule = definitions.resolve_schedule_def(f"{demo.programme.id}_monthly_refresh")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 6 * *", "Asia/Ho_Chi_Minh")

    def asked(day: datetime) -> list[str | None]:
        with dg.build_schedule_context(
            scheduled_execution_time=day, repository_def=definitions.get_repository_def()
        ) as context:
            requests = schedule.evaluate_tick(context).run_requests or []
        return [request.partition_key for request in requests]

    assert asked(datetime(2024, 1, 5, 23, tzinfo=UTC)) == ["2023-Q4"]
    assert asked(datetime(2023, 12, 5, 23, tzinfo=UTC)) == ["2023-Q4"]
    assert asked(datetime(2023, 11, 5, 23, tzinfo=UTC)) == ["2023-Q4"]
    assert asked(datetime(2023, 10, 5, 23, tzinfo=UTC)) == ["2023-Q3"]
    assert asked(datetime(demo.programme.quarters[-1].year + 2, 1, 6, tzinfo=UTC)) == []


def test_a_backfill_over_several_quarters_runs_from_intake_to_briefing(demo: Demo) -> None:
    """The way the web interface backfills: one run, a range of partitions, everything selected."""
    job = load_definitions(demo.home).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            tags={
                "dagster/asset_partition_range_start": "2023-Q3",
                "dagster/asset_partition_range_end": "2023-Q4",
            },
        )
        key = dg.AssetKey([demo.programme.id, "briefing", "briefing"])
        assert result.success
        assert instance.get_materialized_partitions(key) == {"2023-Q3", "2023-Q4"}
    assert (demo.build / "2023-Q3" / "briefing.pdf").read_text() == "100"
    assert (demo.build / "2023-Q4" / "briefing.pdf").read_text() == "200"


@pytest.mark.parametrize(
    ("executor", "is_refused"), [(dg.in_process_executor, False), (dg.multiprocess_executor, True)]
)
def test_another_executor_is_refused(executor: dg.ExecutorDefinition, is_refused: bool) -> None:
    context = SimpleNamespace(job_def=SimpleNamespace(executor_def=executor))
    expected = pytest.raises(dg.Failure, match="in_process_executor") if is_refused else nullcontext()
    with expected, step(context, "một bước"):  # type: ignore[arg-type]
        pass


def test_a_preview_shows_numbers_without_the_zeros_of_their_type() -> None:
    cells = [Decimal("2100.000000"), Decimal("0.1600"), Decimal("200"), None, "1|2.00"]
    shown = markdown_table([dict(zip("abcde", cells, strict=True))])
    assert shown.splitlines()[-1] == "| 2100 | 0.16 | 200 |  | 1\\|2.00 |"


def test_sent_text_is_inert_in_a_preview() -> None:
    shown = markdown_table([{"text": "![x](http://x)\n<b>`a`</b> *b* | c"}])
    assert shown.splitlines()[-1] == r"| \!\[x\](http://x) &lt;b&gt;\`a\`&lt;/b&gt; \*b\* \| c |"
