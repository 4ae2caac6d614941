"""What the program finds stands beside the item that examines it, in every city, and beside no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.casework.reading.found_by_program import decided_by_program, items_of, reads_part
from service.catalog import Catalog, Package
from service.catalog.feel import FUNCTIONS
from service.catalog.form_fields.deciding_fields import is_decided_by
from service.catalog.form_fields.uploads import papers_of
from service.domain.decisions import read_tables
from service.domain.forms import compile_form
from service.domain.forms.model import Input
from tests.support.bundled import bundled
from tests.support.tables import rows

CITIES = ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")


def package_of(city: str) -> Package:
    return bundled().package(f"{city}/quality_award")


def items(package: Package) -> Iterator[Input]:
    for ident in sorted(package.forms):
        yield from items_of(compile_form(package.form(ident)).nodes)


def found_beside(package: Package) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for described in (one for one in package.tables.values() if one.is_eligibility):
        (table,) = read_tables(described.content, functions=FUNCTIONS).values()
        for item in items(package):
            for row in (one for one in described.rows if decided_by_program(described, one)):
                reads = {".".join(path) for path in table.reads(row.id, "met")}
                if set(described.clauses(row)) & set(item.clauses) and reads_part(reads, item.beside):
                    found.setdefault(item.key, set()).add(row.id)
    return found


@pytest.mark.parametrize("city", CITIES)
def test_a_finding_stands_beside_the_item_that_examines_it(city: str) -> None:
    """Of each city, by the item of its forms, the conditions on which findings are shown beside it, as somebody read them."""
    read = {item: set(conditions) for place, item, conditions in rows("found_beside", "items") if place == city}
    assert found_beside(package_of(city)) == read


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


FACT = "application.organisation.established_on"


@pytest.fixture(scope="module")
def papers() -> Package:
    return bundled().package("urumqi/quality_award")


def test_files_are_found_by_clause_and_by_the_items_they_stand_beside(papers: Package) -> None:
    assert papers_of(papers, "application", (), [FACT]) == ("application.evidence.licence",)
    assert papers_of(papers, "application", ["WQ-9-4b"], [FACT]) == (
        "application.evidence.licence",
        "application.evidence.excellence_proof",
    )
    assert papers_of(papers, "application", ["WQ-9-3b"], ["application.record.accidents"]) == (
        "application.evidence.credit_report",
    )


def test_what_others_know_needs_no_paper(papers: Package) -> None:
    assert papers_of(papers, "application", ["WQ-18-1"], ["register.bans"]) == ()


KEY = "lakeside/star_award"


def test_what_a_condition_or_a_table_reads_decides(catalog: Catalog) -> None:
    package = catalog.package(KEY)
    assert is_decided_by(package, "decide", ("decision",))
    assert is_decided_by(package, "apply", ("founded",))
    assert not is_decided_by(package, "decide", ("reason",))
    assert not is_decided_by(package, "apply", ("decision",))
