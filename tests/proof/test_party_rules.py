"""Profile B, which no clerk has confirmed: its own rules, broken one at a time; and that A and B exclude each other."""

from __future__ import annotations

import pytest

from tests.proof.conftest import broken
from tests.proof.sample import Spoilt, pdf_of
from tests.proof.test_rules import css, words

SPOILT_B = {
    "paper.margin_left": css("@page { margin-left: 33mm }"),
    "party_name.size": css(".party_name { font-size: 14pt }"),
    "party_name.rule_below": css(".party_name span { border: none }"),
    "national_name.absent": Spoilt(swaps=(("<h1 class", "<p>Cộng hòa xã hội chủ nghĩa Việt Nam</p><h1 class"),)),
    "number.wording": words("Số 05-BC/VP", "Số: 05-BC/VP"),
    "issuing_body.no_rule_below": css(".issuing_body { border-bottom: 0.8pt solid; margin: 0 20mm }"),
    "asterisk.present": words(">*<", "><"),
    "place_and_date.size": css(".place_and_date { font-size: 13pt }"),
    "kind.size": css(".kind { font-size: 14pt }"),
    "subject.letters": css(".subject { text-transform: uppercase }"),
    "subject_dashes.wording": words(">-----<", ">---<"),
    "body.size": css("p.sixth { font-size: 13pt }"),
    "signatory_title.authority": words("T/M BAN", "TM. BAN"),
    "recipients_head.underlined": css(".underlined span { border: none }"),
    "recipients_head.style": css(".recipients_head { font-style: italic }"),
    "appendix.wording": Spoilt(swaps=(("<h1>Phụ lục 1<", "<h1>PHỤ LỤC 1<"),)),
    "page_number.from_top": css(
        "@page { @top-center { padding-top: 5mm; height: 14mm } } @page :first { @top-center { content: none } }"
    ),
}


@pytest.fixture(scope="module")
def sample_b(profile_b):
    return pdf_of(profile_b)


def test_the_sample_obeys_every_rule_and_the_profile_is_marked_unconfirmed(profile_b, sample_b, linted):
    verdicts = linted(profile_b, sample_b)
    assert broken(verdicts) == set()
    assert not profile_b.is_confirmed
    assert {rule for rule, one in verdicts.items() if one.state == "not_applicable"} == {
        "letter_subject.size", "letter_subject.style",
    }  # fmt: skip


@pytest.mark.parametrize("rule", SPOILT_B)
def test_just_this_rule_is_broken(profile_b, linted, rule):
    assert broken(linted(profile_b, SPOILT_B[rule])) == {rule}


def test_a_document_of_one_profile_is_none_of_the_other(profile_a, profile_b, sample_a, sample_b, linted):
    assert {"national_name.absent", "party_name.present", "number.wording"} <= broken(linted(profile_b, sample_a))
    assert {"national_name.present", "motto.present", "number.wording"} <= broken(linted(profile_a, sample_b))
