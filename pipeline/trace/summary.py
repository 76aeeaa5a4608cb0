"""The headline count of indicators by status, traced to each indicator with what its status rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.quarters import Quarter
from pipeline.trace.figure import models_between
from pipeline.trace.report import wrapped
from pipeline.trace.subjects import SUMMARY, Records, Row
from pipeline.vietnamese import short_date


@dataclass(frozen=True)
class SummaryTrace:
    """Rows of marts.status_summary, and of marts.indicator_progress for the indicators they count."""

    quarter: Quarter
    groups: tuple[Row, ...]
    indicators: tuple[Row, ...]
    models: tuple[str, ...]

    def of_group(self, group: str) -> list[Row]:
        return [row for row in self.indicators if row["status_group"] == group]

    def as_record(self) -> dict[str, Any]:
        return {
            "indicator": SUMMARY, "area": "city", "quarter": str(self.quarter), "printed": self.printed,
            "formula": "số chỉ tiêu của mỗi nhóm đánh giá, đếm trên các chỉ tiêu được tính của Chương trình",
            "models": list(self.models), "cells": [],
            "groups": [
                {"group": row["status_group"], "print": row["group_print"], "indicators": row["indicators"],
                 "computed": row["computed"], "recorded": row["recorded"],
                 "of": [_indicator_record(one) for one in self.of_group(row["status_group"])]}
                for row in self.groups
            ],
        }  # fmt: skip

    @property
    def printed(self) -> str:
        counts = (f"{row['indicators']} {row['group_print']}" for row in self.groups if row["indicators"])
        total = self.groups[0]["counted_total"] if self.groups else 0
        return f"{total} chỉ tiêu: {', '.join(counts)}"

    def as_text(self) -> str:
        lines = [*wrapped(f"Tổng hợp đánh giá, {self.quarter.title}: {self.printed}", "", "  "), ""]
        for group in self.groups:
            head = (
                f"{group['group_print']}: {group['indicators']}/{group['counted_total']} "
                f"({group['computed']} theo số liệu, {group['recorded']} theo ghi nhận)"
            )
            lines += wrapped(head, "", "  ")
            for row in self.of_group(group["status_group"]):
                text = f"{row['indicator_code']}  {row['short_name']}: {row['status_print']}{_grounds(row)}"
                lines += wrapped(text, "  ", "      ")
        return "\n".join([*lines, "", f"Nguồn của từng chỉ tiêu: giaoban trace … {self.quarter} MÃ_CHỈ_TIÊU"])


def trace_summary(records: Records) -> SummaryTrace:
    groups = records.of_quarter("select * from marts.status_summary where quarter = ? order by sort, status_group")
    indicators = records.of_quarter(
        "select * from marts.indicator_progress where quarter = ? and is_counted order by sort, indicator_code"
    )
    models = models_between(records, "marts.status_summary")
    return SummaryTrace(records.quarter, tuple(groups), tuple(indicators), models)


def _indicator_record(row: Row) -> dict[str, Any]:
    return {
        "indicator": row["indicator_code"], "status": row["status_print"], "source": row["status_source"],
        "computed": row["computed_status_print"], "document": row["recorded_document"],
        "recorded_on": row["recorded_on"].isoformat() if row["recorded_on"] else None,
    }  # fmt: skip


def _grounds(row: Row) -> str:
    """Where the status comes from when it is not the figures alone."""
    if row["status_source"] != "recorded":
        return ""
    day = f", ngày {short_date(row['recorded_on'])}" if row["recorded_on"] else ""
    return f" (ghi nhận tại {row['recorded_document']}{day}; theo số liệu: {row['computed_status_print']})"
