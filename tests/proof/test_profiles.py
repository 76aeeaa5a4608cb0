"""The profiles as data: the numbers of the decree, and what is said of a profile that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.errors import GiaobanError, UsageError
from pipeline.proof.profile import load_profile, profile_ids
from tests.proof.sample import REPORTS

# Nghị định 30/2020/NĐ-CP, Phụ lục I, written down again: pt and mm, shares of a line, lines
DECREE = {
    "paper.margin_top": (20, 25), "paper.margin_bottom": (20, 25), "paper.margin_left": (30, 35),
    "paper.margin_right": (15, 20), "national_name.size": (12, 13), "motto.size": (13, 14), "motto.rule_below": (1, 1),
    "parent_body.size": (12, 13), "issuing_body.size": (12, 13), "number.size": (13, 13),
    "place_and_date.size": (13, 14), "kind.size": (13, 14), "subject.size": (13, 14), "letter_subject.size": (12, 13),
    "grounds.size": (13, 14), "body.size": (13, 14), "body.line_spacing": (1, 1.5), "body.between": (6, None),
    "part.size": (13, 14), "part_title.size": (13, 14), "section.size": (13, 14), "addressee.size": (13, 14),
    "signatory_title.size": (13, 14), "signatory_name.size": (13, 14), "recipients_head.size": (12, 12),
    "recipients.size": (11, 11), "page_number.size": (13, 14), "appendix.size": (14, 14),
    "appendix_title.size": (13, 14), "appendix_reference.size": (13, 14), "circulation.size": (13, 14),
    "typist.size": (11, 11), "contact.size": (11, 12), "signatory_title.room_below": (30, None),
}  # fmt: skip
VALUES = {
    "paper.page_size": (210, 297), "body.first_line": (10, 12.7), "letter_subject.gap_below": (6,),
    "urgency_flash.framed": (30, 8), "urgency_high.framed": (40, 8), "urgency.framed": (20, 8),
}  # fmt: skip
STYLES = {
    "national_name": ("bold", "upright"), "motto": ("bold", "upright"), "parent_body": ("regular", "upright"),
    "issuing_body": ("bold", "upright"), "number": (None, "upright"), "place_and_date": (None, "italic"),
    "kind": ("bold", "upright"), "subject": ("bold", "upright"), "letter_subject": (None, "upright"),
    "grounds": (None, "italic"), "body": (None, "upright"), "section": ("bold", "upright"),
    "signatory_title": ("bold", "upright"), "signatory_name": ("bold", "upright"),
    "recipients_head": ("bold", "italic"), "recipients": (None, "upright"), "page_number": (None, "upright"),
    "appendix": ("bold", "upright"), "appendix_title": ("bold", None), "appendix_reference": (None, "italic"),
    "circulation": ("bold", None), "typist": (None, "upright"), "contact": (None, "upright"),
}  # fmt: skip
PARTY = {
    "party_name.size": (15, 15), "parent_body.size": (14, 14), "issuing_body.size": (14, 14), "number.size": (14, 14),
    "place_and_date.size": (14, 14), "kind.size": (15, 16), "subject.size": (14, 15), "letter_subject.size": (12, 12),
    "body.size": (14, 15), "section.size": (14, 15), "page_number.from_top": (10, 10), "paper.margin_top": (20, 20),
    "paper.margin_bottom": (20, 20), "paper.margin_left": (30, 30), "paper.margin_right": (15, 15),
}  # fmt: skip


def rules_of(profile):
    return {rule_id: rule for rule_id, _, rule in profile.rules}


def test_profile_a_has_the_numbers_of_the_decree(profile_a):
    rules = rules_of(profile_a)
    assert {rule_id: (rules[rule_id].min, rules[rule_id].max) for rule_id in DECREE} == DECREE
    assert {rule_id: rules[rule_id].values for rule_id in VALUES} == VALUES
    styles = {name: (rules[f"{name}.style"].weight, rules[f"{name}.style"].slant) for name in STYLES}
    assert styles == STYLES
    for name in ("issuing_body", "subject"):
        rule = rules[f"{name}.rule_below"]
        assert rule.min == pytest.approx(1 / 3, abs=1e-4) and rule.max == 0.5


def test_profile_b_has_the_numbers_of_the_guideline(profile_b):
    rules = rules_of(profile_b)
    assert {rule_id: (rules[rule_id].min, rules[rule_id].max) for rule_id in PARTY} == PARTY


@pytest.mark.parametrize("profile_id", profile_ids(REPORTS))
def test_every_rule_names_its_source(profile_id):
    assert [rule_id for rule_id, _, rule in load_profile(REPORTS, profile_id).rules if not rule.source.strip()] == []


def test_an_unknown_profile_lists_those_that_exist():
    with pytest.raises(UsageError, match=r"Không có thể thức 'C'\. Các thể thức: A, B\."):
        load_profile(REPORTS, "C")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["components"][0].update(find="("), "biểu thức chính quy sai"),
        (lambda raw: raw["components"][0].update(colour="red"), "colour"),
        (lambda raw: raw["components"][0].update(to="nowhere"), "dựa vào 'nowhere' không đứng trước nó"),
        (lambda raw: raw["components"][0]["rules"].update(centred_under={"to": "nowhere"}), "'nowhere' không có"),
        (lambda raw: raw["components"][0].update(by="pattern"), "thiếu `find`"),
        (lambda raw: raw["components"][0]["rules"].update(weighs={}), "không có phép đo 'weighs'"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_with_its_mistake(tmp_path: Path, change, said):
    raw = yaml.safe_load((REPORTS / "profiles" / "a.yml").read_text(encoding="utf-8"))
    change(raw)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "a.yml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(GiaobanError, match="Không dùng được tệp thể thức") as error:
        load_profile(tmp_path, "A")
    assert said in str(error.value)
