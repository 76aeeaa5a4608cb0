"""The factor of each column of measures: from its own header, else from the title block, never from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.findings import Finding
from pipeline.intake.body import BodyReader
from pipeline.intake.cells import address
from pipeline.intake.columns import BoundColumn
from pipeline.intake.units import Unit
from pipeline.programme import Measure
from pipeline.vietnamese import number


def measure_scales(form: BodyReader, columns: Sequence[tuple[BoundColumn, Measure]]) -> dict[BoundColumn, Decimal]:
    """What the figures of each column are multiplied with; a column without a sense is left out and told."""
    scales: dict[BoundColumn, Decimal] = {}
    refused: dict[str, list[tuple[BoundColumn, Measure]]] = {}
    scaled: dict[tuple[str, Decimal], list[tuple[BoundColumn, Measure]]] = {}
    title = ", ".join(shown(unit) for unit in form.title_units)
    for bound, measure in columns:
        stated = shown(bound.unit) if bound.unit else title
        if bound.unit is not None:
            scale = form.units.factor(bound.unit, measure.unit)
        else:
            scale = form.units.title_factor(form.title_units, measure.unit)
        if scale is None:
            refused.setdefault(stated, []).append((bound, measure))
            continue
        scales[bound] = scale
        if scale != 1:
            scaled.setdefault((stated, scale), []).append((bound, measure))
    for stated, some in refused.items():
        form.findings.append(
            Finding(
                "unit-not-convertible", "error", form.grid.name, address(form.table.bottom, some[0][0].column),
                f"đơn vị tính '{stated}' ({_listed(some)})", _wanted(some),
                "Ghi đúng đơn vị tính của biểu mẫu rồi gửi lại; hệ số không được suy đoán.",
            )
        )  # fmt: skip
    for (stated, scale), some in scaled.items():
        form.findings.append(
            Finding(
                "unit-scaled", "info", form.grid.name, address(form.table.bottom, some[0][0].column),
                f"đơn vị tính '{stated}' ({_listed(some)})", _wanted(some),
                f"Số liệu đã được đổi đơn vị, nhân với {number(scale, 9)}; nên ghi theo đơn vị của biểu mẫu.",
            )
        )  # fmt: skip
    return scales


def shown(unit: Unit) -> str:
    """`nghìn người` again, as far as it is known."""
    words = {Decimal(1_000): "nghìn ", Decimal(1_000_000): "triệu ", Decimal(1_000_000_000): "tỷ "}
    return f"{words.get(unit.factor, '' if unit.factor == 1 else f'{number(unit.factor)} ')}{unit.base}".strip()


def _listed(some: Sequence[tuple[BoundColumn, Measure]]) -> str:
    columns = sorted({bound.column for bound, _ in some})
    letters = [address(0, column).rstrip("1") for column in columns]
    return f"cột {', '.join(letters[:8])}{'…' if len(letters) > 8 else ''}"


def _wanted(some: Sequence[tuple[BoundColumn, Measure]]) -> str:
    return ", ".join(dict.fromkeys(f"'{measure.unit}'" for _, measure in some))
