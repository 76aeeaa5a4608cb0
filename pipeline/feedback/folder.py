"""The feedback of one quarter as a folder: a letter in two forms and marked copies for each sender.

<reporter>/thu-phan-hoi.html, <reporter>/thu-phan-hoi.txt, <reporter>/<file>-danh-dau.xlsx; feedback.json
sums up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.feedback.answers import collect
from pipeline.feedback.checked import Rule
from pipeline.feedback.copying import FINDINGS_SENT, Copy, make_copies
from pipeline.feedback.inert import file_stem
from pipeline.feedback.letters import html, letter, text
from pipeline.feedback.records import Answer, FileAnswer
from pipeline.feedback.source_books import SheetReader
from pipeline.feedback.summary import FeedbackSummary, summary_of, write_summary
from pipeline.programme import Programme
from pipeline.quarters import Quarter

LETTER, COPY_ENDING = "thu-phan-hoi", "-danh-dau.xlsx"


def write_feedback(
    programme: Programme,
    quarter: Quarter,
    connection: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    read_sheets: SheetReader,
    out: Path,
    earlier: Path | None = None,
) -> FeedbackSummary:
    """Answer every sender of a quarter in the existing folder `out`; the same inputs give the same bytes.

    `earlier` is a folder of an earlier call, whose copies are taken over where nothing changed.
    """
    folder = programme.submissions_folder(quarter)
    answers = collect(connection, programme, quarter, rules)
    answers, keys = with_copies(
        answers,
        quarter,
        read_sheets,
        source=lambda file: folder / file.stored,
        target=lambda answer, name: out / file_stem(answer.reporter) / name,
        earlier=earlier,
    )
    for answer in answers:
        place = out / file_stem(answer.reporter)
        place.mkdir(exist_ok=True)
        write_letter(programme, quarter, answer, place / LETTER)
    summary = FeedbackSummary(
        len(answers),
        tuple(_name(answer) for answer in answers if answer.must_resend),
        {path.relative_to(out).as_posix(): key for path, key in sorted(keys.items())},
    )
    write_summary(out, summary)
    return summary


def write_letter(programme: Programme, quarter: Quarter, answer: Answer, path: Path) -> None:
    """`path`.html and `path`.txt."""
    made = letter(programme, quarter, answer)
    path.with_name(f"{path.name}.html").write_text(html(made), encoding="utf-8")
    path.with_name(f"{path.name}.txt").write_text(text(made), encoding="utf-8")


def with_copies(
    answers: Sequence[Answer],
    quarter: Quarter,
    read_sheets: SheetReader,
    source: Callable[[FileAnswer], Path],
    target: Callable[[Answer, str], Path],
    earlier: Path | None = None,
) -> tuple[list[Answer], dict[Path, str]]:
    """Mark the files that have something to mark; the answers with the names of their copies, and keys by path."""
    wanted: list[list[Copy]] = []
    for answer in answers:
        names: set[str] = set()
        of_answer = []
        for file in answer.files:
            if file.is_worth_marking:
                name = _free_name(file_stem(file.file), names)
                of_answer.append(
                    Copy(source(file), file.sha256, file.file, file.received_on or quarter.ends_on,
                         file.findings[:FINDINGS_SENT], file.changes[:FINDINGS_SENT], target(answer, name))
                )  # fmt: skip
        wanted.append(of_answer)
    copies = [one for of_answer in wanted for one in of_answer]
    before = summary_of(earlier)
    made = {key: earlier / path for path, key in before.copies.items()} if earlier and before else {}
    written = make_copies(copies, read_sheets, made)
    told = [
        replace(answer, copies=tuple((one.target.name, one.name) for one in of_answer if one.target in written))
        for answer, of_answer in zip(answers, wanted, strict=True)
    ]
    return told, {one.target: one.key for one in copies if one.target in written}


def _free_name(stem: str, taken: set[str]) -> str:
    """The same name sent in two formats makes two copies."""
    name, count = f"{stem}{COPY_ENDING}", 2
    while name.casefold() in taken:
        name, count = f"{stem} ({count}){COPY_ENDING}", count + 1
    taken.add(name.casefold())
    return name


def _name(answer: Answer) -> str:
    return answer.name or f"tệp “{answer.files[0].file}” (chưa rõ đơn vị)"
