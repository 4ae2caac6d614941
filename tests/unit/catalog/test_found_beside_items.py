"""What the program finds stands beside the item that examines it, in every city, and beside no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.casework.queries.tasks.found_by_program import decided_by_program, items_of, reads_part
from service.catalog import Package
from service.catalog.feel import FUNCTIONS
from service.domain.decisions import read_dmn
from service.domain.forms import compile_form
from service.domain.forms.model import Input
from tests.support.bundled import bundled

CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
YEARS = {"years_operating_by_office", "years_operating_new_field", "years_operating"}
READ = {
    "ganzhou": {"operation": {"years_operating"}, "reported_events": {"no_liable_accident"}},
    "kizilsu": {
        "notices_checked": {"parent_recommended", "internal_notice_held", "parent_notice_held"},
        "operation": YEARS,
        "record_consistent": {"good_credit", "no_major_accident"},
    },
    "qingyuan": {
        "accidents": {"no_grave_accident"},
        "effects": {"excellence_years"},
        "merit": {"innovation_fields"},
        "reported_events": {"no_failed_check", "no_grave_accident", "no_major_complaint", "no_serious_violation"},
        "special_field": {"excellence_years"},
    },
    "urumqi": {
        "credit_check": {"no_bad_record"},
        "internal_notice_checked": {"internal_notice_held"},
        "operation": YEARS,
        "record_consistent": {"no_major_complaint", "no_bad_record", "no_major_accident", "no_export_incident"},
        "registration": {"established_in_city"},
    },
    "yining": {
        "accidents": {"no_major_accident"},
        "complaints": {"no_accident_or_complaint"},
        "reported_events": {
            "no_accident_or_complaint",
            "no_accident_penalty",
            "no_failed_check",
            "no_major_accident",
            "no_serious_problem",
            "no_serious_violation",
        },
    },
}
"""Of each city, by the item of its forms, the conditions on which findings are shown beside it, as somebody read them."""


def package_of(city: str) -> Package:
    return bundled().package(f"{city}/quality_award")


def items(package: Package) -> Iterator[Input]:
    for ident in sorted(package.forms):
        yield from items_of(compile_form(package.form(ident)).nodes)


def found_beside(package: Package) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for described in (one for one in package.tables.values() if one.is_eligibility):
        (table,) = read_dmn(described.content, functions=FUNCTIONS).tables.values()
        for item in items(package):
            for row in (one for one in described.rows if decided_by_program(described, one)):
                reads = {".".join(path) for path in table.reads(row.id, "met")}
                if set(described.clauses(row)) & set(item.clauses) and reads_part(reads, item.beside):
                    found.setdefault(item.key, set()).add(row.id)
    return found


@pytest.mark.parametrize("city", CITIES)
def test_a_finding_stands_beside_the_item_that_examines_it(city: str) -> None:
    assert found_beside(package_of(city)) == READ[city]


@pytest.mark.parametrize("city", CITIES)
def test_statements_beside_an_item_are_those_of_its_own_condition(city: str) -> None:
    """An applicant's statement on a condition stands beside the item of that name, and beside that alone."""
    package = package_of(city)
    own = {item.key: item for item in items(package)}
    for item in own.values():
        for named in item.beside:
            group, _, last = named.rpartition(".")
            assert (
                group != "application.conditions" or last not in own or last == item.key or named in own[last].beside
            ), (item.key, named)
