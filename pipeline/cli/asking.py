"""The commands that answer from what was computed: status, figures, trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import AsOf, Home, ProgrammeName, QuarterName, day, find, quarter_of_term, submitted_quarter
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.programme import Programme
    from pipeline.quarters import Quarter

AreaName = Annotated[
    str | None, typer.Option("--area", metavar="C", help="Mã hoặc tên địa bàn, ví dụ 'huyện Ba Vì'; city là chung.")
]


def status(programme: ProgrammeName, quarter: QuarterName, home: Home = Path()) -> None:
    """Đơn vị nào đã gửi báo cáo quý, gửi ngày nào, được nhận hay chưa; nội dung đôn đốc từng đơn vị."""
    found = find(home, programme)
    asked = quarter_of_term(found, quarter)
    from pipeline.terminal import print_nothing_sent, print_status, tell_if_changed
    from pipeline.warehouse import open_for_reading

    if asked not in found.submitted_quarters():
        print_nothing_sent(found, asked)
        return
    with open_for_reading(found.home, found.id) as connection:
        print_status(connection, found, asked)
    tell_if_changed(found, asked)


def figures(
    programme: ProgrammeName,
    quarter: QuarterName,
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="C", help="Mã chỉ tiêu, ví dụ A01.")] = None,
    area: AreaName = None,
    as_of: AsOf = None,
    form: Annotated[str, typer.Option("--format", metavar="table|csv|json", help="Dạng in ra.")] = "table",
    home: Home = Path(),
) -> None:
    """In các con số của một quý: giá trị, tử số, mẫu số, mức độ đầy đủ, đánh giá."""
    if form not in ("table", "csv", "json"):
        raise UsageError(f"Không có dạng '{form}'. Các dạng: table, csv, json.")
    found = find(home, programme)
    asked = submitted_quarter(found, quarter)
    from pipeline.programme import area_code, area_listing
    from pipeline.terminal import print_figures

    place = area_code(found, asked, area) if area else None
    with _published(found, asked, as_of) as connection:
        from pipeline.briefing.facts.collecting import figures as facts

        _expect_reports(connection, asked, as_of)
        codes = {one.code.casefold(): one.code for one in found.indicators}
        rows = facts(connection, found, asked, codes.get((indicator or "").casefold(), indicator), place)
    if not rows:
        raise UsageError(
            f"Không có con số nào cho chỉ tiêu '{indicator or 'mọi chỉ tiêu'}', địa bàn '{area or 'mọi địa bàn'}' "
            f"ở {asked.title}. Mã chỉ tiêu: {', '.join(i.code for i in found.indicators)}. "
            f"Địa bàn, theo mã hoặc tên: {area_listing(found.districts(asked))}."
        )
    print_figures(rows, form, is_single=bool(indicator and area))


def trace(
    programme: ProgrammeName,
    quarter: QuarterName,
    indicator: Annotated[
        str,
        typer.Argument(
            metavar="INDICATOR",
            help="Mã chỉ tiêu, mã số liệu, số suy ra (A01.same_period), số đếm (status_summary); gõ sai mã thì in ra "
            "danh sách.",
        ),
    ],
    area: AreaName = None,
    as_of: AsOf = None,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="Dạng in ra.")] = "text",
    home: Home = Path(),
) -> None:
    """Một con số từ đâu ra: công thức, các bảng đã qua, từng ô trong tệp đã nhận."""
    if form not in ("text", "json"):
        raise UsageError(f"Không có dạng '{form}'. Các dạng: text, json.")
    found = find(home, programme)
    asked = submitted_quarter(found, quarter)
    from pipeline.programme import area_code
    from pipeline.trace import traced_record, traced_text

    place = area_code(found, asked, area) if area else None
    with _published(found, asked, as_of) as connection:
        _expect_reports(connection, asked, as_of)
        if form == "json":
            import json

            print(json.dumps(traced_record(connection, asked, indicator, place), ensure_ascii=False, indent=1))
        else:
            print(traced_text(connection, asked, indicator, place))


def _expect_reports(connection: DuckDBPyConnection, quarter: Quarter, as_of: str | None) -> None:
    """UsageError where nothing of the quarter had come by that day."""
    known = connection.execute("select 1 from staging.quarters where quarter = ?", [str(quarter)]).fetchall()
    if as_of and not known:
        raise UsageError(f"Đến ngày {as_of} chưa nhận được báo cáo nào của {quarter.title}.")


@contextmanager
def _published(programme: Programme, quarter: Quarter, as_of: str | None) -> Iterator[DuckDBPyConnection]:
    """What was last published, with a warning where the files changed since; or a private state of a day."""
    from pipeline.terminal import progress, tell_if_changed

    if as_of:
        from pipeline.runs import Runner

        with Runner(programme, day(as_of)) as runner:
            with progress():
                runner.refresh(quarter)
            with runner.reading() as connection:
                yield connection
    else:
        from pipeline.warehouse import open_for_reading

        with open_for_reading(programme.home, programme.id) as connection:
            yield connection
        tell_if_changed(programme, quarter)
