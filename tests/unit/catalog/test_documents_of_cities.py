"""What the regulations demand in writing is issued somewhere in every city's diagrams; docs/documents.md says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import handlers
from service.catalog import Package
from tests.support.bundled import bundled

handlers.load()
PROJECT = Path(__file__).parents[3]
MANUAL = PROJECT / "docs" / "documents.md"
CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
_QUOTED = re.compile(r'"([^"]+)"')
DEMANDED = {
    "申报通知、公告 call": ("call_for_applications", "review_announcement"),
    "受理通知 acceptance notice": ("acceptance_notice", "qualification_result_notice", "qualification_notice"),
    "补正通知 correction request": ("correction_request",),
    "不予受理、退回及理由 refusal with reasons": ("not_accepted_notice", "non_acceptance_notice", "return_notice"),
    "公示 public notice": ("public_notice",),
    "异议收件、受理 objection receipt": ("objection_receipt", "objection_acceptance"),
    "异议答复 objection reply": ("objection_reply_objector", "objection_refusal"),
    "评审报告 review report": ("review_report", "candidate_list", "on_site_review_report", "summary_report"),
    "表决记录 ballot record": ("ballot_record",),
    "请示 request to the government": ("government_submission",),
    "表彰决定 decision": ("commendation_decision",),
    "公告 announcement": ("announcement",),
    "证书 certificate": ("award_certificate",),
    "责令整改、改正 rectification order": ("rectification_order", "misuse_correction_order"),
    "撤销申辩告知 hearing before a revocation": ("revocation_hearing_notice", "hearing_notice"),
    "撤销决定 revocation": ("revocation_decision",),
}


def issued(package: Package) -> set[str]:
    """Return the documents that some element of the package issues."""
    calls = [e.operation for d in package.diagrams.values() for e in d.elements.values() if e.operation]
    return {name for call in calls for name in _QUOTED.findall(call.parameters.get("template", ""))}


@pytest.fixture(scope="module")
def packages() -> dict[str, Package]:
    known = bundled().packages
    return {city: known[f"{city}/quality_award"] for city in CITIES}


def table(packages: dict[str, Package]) -> str:
    head = ["文书 / document", *(p.jurisdiction.name for p in packages.values())]
    rows = [head, ["---"] * len(head)]
    for words, kinds in DEMANDED.items():
        cells = [[k for k in kinds if k in issued(p)] for p in packages.values()]
        rows.append([words, *("<br>".join(f"`{kind}`" for kind in found) for found in cells)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("words", DEMANDED)
def test_what_the_law_demands_in_writing_is_issued(packages: dict[str, Package], city: str, words: str) -> None:
    package = packages[city]
    found = [kind for kind in DEMANDED[words] if kind in issued(package)]
    assert found, f"{city}: {words}"
    assert all(package.document(kind).paragraphs for kind in found)


def test_no_telephone_is_made_up(packages: dict[str, Package]) -> None:
    """A city enters its own; an invented one would be called by somebody."""
    for package in packages.values():
        texts = [content.decode() for path, content in package.files.items() if path.endswith((".yaml", ".json"))]
        assert not any(re.search(r"\b0\d{2,3}-\d{7,8}\b|\b1[3-9]\d{9}\b", text) for text in texts)
        assert all(not body.phone for body in package.jurisdiction.bodies)


def test_the_table_of_documents_is_up_to_date(packages: dict[str, Package]) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    begin, end = "<!-- begin table -->\n", "\n<!-- end table -->"
    assert text[text.index(begin) + len(begin) : text.index(end)] == table(packages)
