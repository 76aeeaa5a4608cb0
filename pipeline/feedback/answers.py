"""What each sender of a quarter is told, collected from the warehouse: one Answer for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import duckdb

from pipeline.feedback.agreed import agreed_findings
from pipeline.feedback.changes import Version, changes_between, position
from pipeline.feedback.checked import CheckedFinding, Rule, checked_findings
from pipeline.feedback.records import PRIVATE_RULE, SEVERITIES, Answer, Change, FileAnswer, FormAnswer
from pipeline.findings import Finding
from pipeline.programme import Measure, Programme
from pipeline.quarters import Quarter
from pipeline.vietnamese import short_date

_REASONS_SHOWN = 3
UNKNOWN_SENDER = "khong-ro-don-vi"


def receipt_words(seq: int | None, received_on: date | None) -> str:
    """`số tiếp nhận 02, ngày 05/01/2031`, or that the file is in no register."""
    if received_on is None:
        return "chưa vào sổ tiếp nhận"
    return f"số tiếp nhận {seq:02}, ngày {short_date(received_on)}"


@dataclass(frozen=True)
class _Receipt:
    seq: int
    file: str
    sha256: str
    received_on: date | None
    is_registered: bool
    reporter: str | None
    is_counted: bool  # it came before the quarter was closed, or by leave

    @property
    def words(self) -> str:
        return receipt_words(self.seq, self.received_on if self.is_registered else None)


@dataclass(frozen=True)
class _Form:
    sheet: str
    form: str
    reporter: str
    month: str
    is_accepted: bool
    figures: int


@dataclass
class _Sent:
    """Everything of one quarter, looked up by file."""

    receipts: list[_Receipt]
    stored: dict[str, str]
    forms: dict[str, list[_Form]] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    in_force: dict[tuple[str, str, str], str] = field(default_factory=dict)  # (reporter, form, month) -> sha256
    waivers: dict[tuple[str, str], tuple[str, date | None]] = field(default_factory=dict)  # (reporter, rule)


def collect(
    connection: duckdb.DuckDBPyConnection, programme: Programme, quarter: Quarter, rules: Iterable[Rule]
) -> list[Answer]:
    """One answer for each reporter that sent something, in the order of the programme, then one for each file
    whose sender is not known."""
    sent = _sent(connection, quarter)
    checked: dict[str, list[CheckedFinding]] = {}
    told = checked_findings(connection, programme, quarter, rules) + agreed_findings(connection, programme, quarter)
    for one in told:
        checked.setdefault(one.reporter, []).append(one)
    by_reporter: dict[str | None, list[_Receipt]] = {}
    for receipt in sent.receipts:
        if receipt.sha256 not in sent.stored:
            continue  # its bytes are gone, which the office has to mend
        by_reporter.setdefault(receipt.reporter, []).append(receipt)
    unknown = by_reporter.pop(None, [])
    order = {code: place for place, code in enumerate(programme.expected_reporters(quarter))}
    answers = []
    for reporter in sorted(filter(None, by_reporter), key=lambda code: (order.get(code, len(order)), code)):
        collector = _Collector(connection, programme, quarter, sent, reporter, by_reporter[reporter])
        answer = collector.answer(checked.get(reporter, []))
        if answer.files:
            answers.append(answer)
    due_on, locked_on = programme.due_on(quarter), programme.locked_on(quarter)
    for receipt in unknown:
        file = _file_without_sender(sent, receipt)
        answers.append(Answer(f"{UNKNOWN_SENDER}-{receipt.seq}", "", "", (file,), (), due_on, locked_on))
    return answers


def _sent(connection: duckdb.DuckDBPyConnection, quarter: Quarter) -> _Sent:
    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, [str(quarter)] * query.count("?")).fetchall()

    receipts = rows(
        "select seq, file, sha256, received_on, is_registered, reporter, is_counted from staging.receipts"
        " where quarter = ? order by seq, file"
    )
    sent = _Sent(
        [_Receipt(*row) for row in receipts],
        dict(rows("select sha256, min(file) from raw.submissions where quarter = ? group by sha256 order by sha256")),
    )
    counted = (
        "select forms.sha256, forms.sheet, forms.form, forms.reporter, forms.month, forms.is_accepted,"
        " coalesce(counts.figures, 0) from (select distinct sha256, sheet, form, reporter, month, is_accepted"
        " from staging.forms where quarter = ?) as forms left join"
        " (select sha256, sheet, form, count(distinct cell) as figures from raw.observations"
        " where quarter = ? and state = 'value' group by sha256, sheet, form) as counts"
        " on forms.sha256 = counts.sha256 and forms.sheet = counts.sheet and forms.form = counts.form order by all"
    )
    for sha256, *form in rows(counted):
        sent.forms.setdefault(sha256, []).append(_Form(*form))
    found = (
        "select distinct sha256, rule, severity, sheet, cell, found, expected, remedy from raw.findings"
        " where quarter = ? order by all"
    )
    for sha256, *finding in rows(found):
        sent.findings.setdefault(sha256, []).append(Finding(*finding))
    used = "select reporter, form, month, sha256 from staging.forms_in_force where quarter = ?"
    sent.in_force = {(reporter, form, month): sha256 for reporter, form, month, sha256 in rows(used)}
    leave = "select reporter, rule, reason, valid_until from staging.waivers where quarter = ?"
    sent.waivers = {(reporter, rule): (reason, until) for reporter, rule, reason, until in rows(leave)}
    return sent


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; then whole files, and sheet by sheet in reading order."""
    return tuple(
        sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.sheet, position(one.cell), one.rule))
    )


def _is_told(file: FileAnswer, finding: Finding) -> bool:
    """Whether something else is already found at the same cell."""
    return any(
        (one.sheet, one.cell) == (finding.sheet, finding.cell) and one.severity != "info" for one in file.findings
    )


def _file_without_sender(sent: _Sent, receipt: _Receipt) -> FileAnswer:
    findings = in_order(sent.findings.get(receipt.sha256, []))
    reasons = tuple(one.found for one in findings if one.severity == "error")[:_REASONS_SHOWN]
    return FileAnswer(
        receipt.file, receipt.sha256, sent.stored.get(receipt.sha256, receipt.file),
        receipt.seq if receipt.is_registered else None, receipt.received_on, (), findings,
        reasons=reasons, instead="chưa dùng được số liệu nào của tệp này",
    )  # fmt: skip


class _Collector:
    """One reporter's receipts: which of them matter now, and what is said of each."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        programme: Programme,
        quarter: Quarter,
        sent: _Sent,
        reporter: str,
        receipts: Sequence[_Receipt],
    ) -> None:
        self._connection, self._programme, self._quarter = connection, programme, quarter
        self._sent, self._reporter, self._receipts = sent, reporter, receipts
        self._titles = {layout.form: layout.titles[0] for layout in reversed(programme.layouts)}
        self._own = {
            receipt.sha256: [form for form in sent.forms.get(receipt.sha256, []) if form.reporter == reporter]
            for receipt in receipts
        }
        # every version of each form in the order of receipt
        self._versions: dict[tuple[str, str], list[tuple[_Receipt, bool]]] = {}
        for receipt in receipts:
            accepted: dict[tuple[str, str], bool] = {}
            for form in self._own[receipt.sha256]:
                key = (form.form, form.month)
                accepted[key] = accepted.get(key, False) or form.is_accepted
            for key, is_accepted in accepted.items():
                self._versions.setdefault(key, []).append((receipt, is_accepted and receipt.is_counted))

    def answer(self, checked: Sequence[CheckedFinding]) -> Answer:
        shown = self._receipts_shown()
        files = [self._file(receipt) for receipt in shown]
        # a rule about several cells, or about a form of a file no longer shown, is said with the last file in use
        in_use = [place for place, file in enumerate(files) if file.accepted]
        for one in checked if in_use else ():
            place = next((n for n, file in enumerate(files) if file.sha256 == one.sha256), in_use[-1])
            if one.is_stated and _is_told(files[place], one.finding):
                continue
            finding = one.finding if files[place].sha256 == one.sha256 else replace(one.finding, sheet="", cell="")
            files[place] = replace(files[place], findings=in_order([*files[place].findings, finding]))
        kind = "area" if self._reporter in self._programme.area_by_code else "agency"
        return Answer(
            self._reporter, self._programme.reporter_name(self._reporter), kind,  # type: ignore[arg-type]
            tuple(files), self._missing(), self._due_on(), self._programme.locked_on(self._quarter),
        )  # fmt: skip

    def _due_on(self) -> date:
        """The day agreed with this sender, where one was."""
        _, until = self._sent.waivers.get((self._reporter, "deadline"), ("", None))
        return max(self._programme.due_on(self._quarter), until or date.min)

    def _receipts_shown(self) -> list[_Receipt]:
        """Files with the last or the used version of a form, and refused ones newer than any used; each once."""
        last = {version[-1][0].sha256 for version in self._versions.values()}
        used = {sha256 for (reporter, _, _), sha256 in self._sent.in_force.items() if reporter == self._reporter}
        newest = max((one.seq for one in self._receipts if one.sha256 in used), default=0)
        refused = {one.sha256 for one in self._receipts if not self._own[one.sha256] and one.seq > newest}
        latest = {one.sha256: one for one in self._receipts}  # the same bytes may have come again
        wanted = last | used | refused
        return sorted((one for sha256, one in latest.items() if sha256 in wanted), key=lambda one: one.seq)

    def _file(self, receipt: _Receipt) -> FileAnswer:
        findings = [self._with_leave(one) for one in self._sent.findings.get(receipt.sha256, [])]
        is_private = any(one.rule == PRIVATE_RULE for one in findings)
        own = self._own[receipt.sha256]
        forms = [] if is_private else [form for form in own if self._is_current(receipt, form)]
        superseded = {form.sheet for form in own} - {form.sheet for form in forms}
        findings = [one for one in findings if one.sheet not in superseded]
        if is_private:
            findings = [one for one in findings if one.rule == PRIVATE_RULE]
        reasons: tuple[str, ...] = ()
        if not own:
            reasons = tuple(dict.fromkeys(one.found for one in findings if one.severity == "error"))[:_REASONS_SHOWN]
        return FileAnswer(
            receipt.file, receipt.sha256, self._sent.stored.get(receipt.sha256, receipt.file),
            receipt.seq if receipt.is_registered else None, receipt.received_on,
            tuple(self._form(form, receipt, findings) for form in forms), in_order(findings),
            self._changes(receipt, forms), reasons, "" if own else self._instead_of_file(),
        )  # fmt: skip

    def _with_leave(self, finding: Finding) -> Finding:
        """An error that the office decided to let pass asks nothing of the sender."""
        if finding.severity != "error" or (self._reporter, finding.rule) not in self._sent.waivers:
            return finding
        reason, _ = self._sent.waivers[self._reporter, finding.rule]
        return replace(finding, severity="info", remedy=f"Đã được chấp thuận ({reason}); không phải gửi lại.")

    def _is_current(self, receipt: _Receipt, form: _Form) -> bool:
        key = (form.form, form.month)
        return (
            self._versions[key][-1][0].sha256 == receipt.sha256
            or self._sent.in_force.get((self._reporter, *key)) == receipt.sha256
        )

    def _form(self, form: _Form, receipt: _Receipt, findings: Sequence[Finding]) -> FormAnswer:
        month = "" if form.month == self._quarter.last_month else f"tháng {int(form.month[5:])}/{form.month[:4]}"
        reasons: list[str] = []
        if not form.is_accepted:
            errors = [one for one in findings if one.severity == "error" and one.sheet == form.sheet]
            whole = [one.found for one in errors if not one.cell]
            in_cells = len(errors) - len(whole)
            reasons = [*whole[:_REASONS_SHOWN], *([f"còn {in_cells:02} lỗi trong biểu"] if in_cells else [])]
            reasons = reasons or ["chưa dùng được"]
        is_locked = form.is_accepted and not receipt.is_counted
        if is_locked:
            reasons = ["nhận sau ngày khóa số liệu"]
        return FormAnswer(
            form.sheet, form.form, self._titles.get(form.form, form.form), month, not reasons, form.figures,
            tuple(reasons), self._instead_of_form(form) if reasons else "", is_locked,
        )  # fmt: skip

    def _instead_of_form(self, form: _Form) -> str:
        used = self._sent.in_force.get((self._reporter, form.form, form.month))
        receipt = next((one for one in reversed(self._receipts) if one.sha256 == used), None)
        if receipt is None:
            return "hiện chưa có số liệu của biểu này"
        return f"hiện vẫn dùng số liệu của tệp “{receipt.file}” ({receipt.words})"

    def _instead_of_file(self) -> str:
        if any(reporter == self._reporter for reporter, _, _ in self._sent.in_force):
            return "hiện vẫn dùng số liệu đã được chấp nhận trước đó"
        return "hiện chưa có số liệu nào của quý đơn vị"

    def _changes(self, receipt: _Receipt, forms: Iterable[_Form]) -> tuple[Change, ...]:
        """What this file, where it is in use, changed against the version accepted before it."""
        found: list[Change] = []
        for form in forms:
            key = (form.form, form.month)
            if self._sent.in_force.get((self._reporter, *key)) != receipt.sha256:
                continue
            before = [
                version.sha256
                for version, is_accepted in self._versions[key]
                if is_accepted and version.seq < receipt.seq and version.sha256 != receipt.sha256
            ]
            if before:
                old, new = (Version(sha256, *key) for sha256 in (before[-1], receipt.sha256))
                found += changes_between(self._connection, self._programme, self._quarter, old, new)
        return tuple(found)

    def _missing(self) -> tuple[str, ...]:
        """Titles of the forms with a figure due from this reporter that no file of it holds."""
        due = {
            measure.form
            for measure in self._programme.measures
            if measure.form and measure.due_in(self._quarter) and self._owes(measure)
        }
        came = {form for form, _ in self._versions}
        return tuple(title for form, title in sorted(self._titles.items()) if form in due - came)

    def _owes(self, measure: Measure) -> bool:
        if measure.reported_by == "area":
            return self._reporter in self._programme.area_by_code
        return self._programme.reporter_of(measure, self._quarter) == self._reporter
