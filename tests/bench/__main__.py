"""Prints how long each case takes, beside the floor of the bare libraries in the same run.

python -m tests.bench [--scales 1,10,100]

"One quarter cold" starts without build/, with the files of one quarter in raw/. The ratios go into the README.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from openpyxl import load_workbook

from pipeline.run_record import open_record
from tests import tiny
from tests.bench import scale
from tests.bench.measuring import GIAOBAN, ROOT, Measured, best, command, process

PROGRAMME, QUARTER = "hanoi_08_ctr_tu", "2023-Q4"
MART = "marts/poverty_rates"


def one_quarter(home: Path) -> None:
    """The demonstration with the files of one quarter only."""
    source, target = ROOT / "raw" / PROGRAMME, home / "raw" / PROGRAMME
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("submissions", "issued"))
    shutil.copytree(source / "submissions" / QUARTER, target / "submissions" / QUARTER)


def change_one_workbook(home: Path) -> None:
    """A resubmission with one other number."""
    folder = home / "raw" / PROGRAMME / "submissions" / QUARTER
    path = next(path for path in sorted(folder.glob("*.xlsx")) if path.name.startswith("006"))
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    cell = next(
        cell for row in sheet.iter_rows(min_row=8) for cell in row[3:] if isinstance(cell.value, int) and cell.value > 9
    )
    cell.value += 1
    workbook.save(path)


def floor(work: Path, *stages: str) -> dict[str, float]:
    """Seconds by stage of the bare libraries, the quickest of three processes."""
    runs = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.floor", str(work), *stages],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        runs.append(json.loads(done.stdout))
    return min(runs, key=lambda seconds: sum(seconds.values()))


def stages(home: Path) -> dict[str, float]:
    """Seconds our steps took on Dagster's record, by stage of the flow."""
    found: dict[str, float] = {}
    instance = open_record(home)
    try:
        for run in instance.get_runs():
            for step in instance.get_run_step_stats(run.run_id):
                stage = _stage(step.step_key)
                found[stage] = found.get(stage, 0) + (step.end_time or 0) - (step.start_time or 0)
    finally:
        instance.dispose()
    return found


def _stage(step_key: str) -> str:
    named = {"intake": "reading", "feedback": "letters", "briefing": "document", "definitions": "definitions"}
    return next((stage for part, stage in named.items() if part in step_key.removeprefix(PROGRAMME)), "SQL")


def table(rows: Iterable[tuple[str, Measured, float | None]]) -> str:
    """Markdown: seconds, processor seconds, ratio to the floor, memory of the largest process."""
    lines = ["| | seconds | / floor | processor seconds | MiB |", "| --- | --: | --: | --: | --: |"]
    for name, measured, bare in rows:
        cells = [name, f"{measured.seconds:.2f}", f"{measured.seconds / bare:.2f}" if bare else ""]
        cells += [f"{measured.processor:.2f}", f"{measured.mebibytes:.0f}"] if measured.mebibytes else ["", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--scales", default="1,10,100", help="multiples of 30 districts; empty for none")
    times_wide = [int(times) for times in parser.parse_args().scales.split(",") if times]
    rows: list[tuple[str, Measured, float | None]] = []
    with tempfile.TemporaryDirectory(prefix="giaoban-bench-") as folder:
        home = Path(folder) / "home"
        one_quarter(home)
        cold = command("briefing", PROGRAMME, QUARTER, home=home)
        ours, work = stages(home), Path(folder) / "work"
        capture = [sys.executable, "-m", "tests.bench.capture", str(home), PROGRAMME, QUARTER, str(work)]
        subprocess.run(capture, cwd=ROOT, check=True)
        bare = floor(work, "imports", "reading", "SQL", "charts", "pages")
        whole, reading = sum(bare.values()), sum(floor(work, "imports of reading", "reading").values())
        rows.append(("one quarter cold", cold, whole))
        rows.append(("its intake", Measured(ours["reading"]), reading))
        unchanged = best(3, lambda: command("briefing", PROGRAMME, QUARTER, home=home))
        rows.append(("nothing changed", unchanged, None))
        rows.append(("one mart rerun", best(3, lambda: command("run", PROGRAMME, MART, home=home)), bare["imports"]))
        file = next(iter(sorted((home / "raw" / PROGRAMME / "submissions" / QUARTER).glob("*.xlsx"))))
        rows.append(("check of one workbook", best(3, lambda: command("check", str(file), home=home)), None))
        change_one_workbook(home)
        rows.append(("one workbook changed", command("briefing", PROGRAMME, QUARTER, home=home), whole))
        rows.append(("--help", best(3, lambda: process([*GIAOBAN, "--help"])), None))
        for times in times_wide:
            wide = Path(folder) / f"scale-{times}"
            scale.write_scaled(wide, 30 * times)
            rows.append(
                (
                    f"refresh of {30 * times} districts",
                    command("refresh", tiny.PROGRAMME_ID, scale.QUARTER, home=wide),
                    None,
                )
            )
    print(table(rows))
    print("\nSteps on Dagster's record (s):", _listed(ours))
    print("Floor (s):", _listed(bare))


def _listed(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())


if __name__ == "__main__":
    main()
