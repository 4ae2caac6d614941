"""The papers that prove a condition: the files of the application that go with its clause or its facts."""

from __future__ import annotations

import pytest

from service.catalog import Package
from service.catalog.form_fields.uploads import papers_of
from tests.support.bundled import bundled

FACT = "application.organisation.established_on"


@pytest.fixture(scope="module")
def package() -> Package:
    return bundled().package("urumqi/quality_award")


def test_files_are_found_by_clause_and_by_the_items_they_stand_beside(package: Package) -> None:
    assert papers_of(package, "application", (), [FACT]) == ("application.evidence.licence",)
    assert papers_of(package, "application", ["WQ-9-4b"], [FACT]) == (
        "application.evidence.licence",
        "application.evidence.excellence_proof",
    )
    assert papers_of(package, "application", ["WQ-9-3b"], ["application.record.accidents"]) == (
        "application.evidence.credit_report",
    )


def test_what_others_know_needs_no_paper(package: Package) -> None:
    assert papers_of(package, "application", ["WQ-18-1"], ["register.bans"]) == ()
