"""A package names members of its bodies: never those of another place, never with a role of the program."""

from __future__ import annotations

import pytest

from service.casework.access.actor import BUILT_IN, SYSTEM
from service.casework.definitions.deploy import PackageRefused, deploy_package
from service.casework.scope.named_members import install_members
from service.catalog import Package
from service.catalog.jurisdiction import BUILT_IN_ROLES
from service.domain.errors import Conflict
from service.store.models import MembershipRow, PersonRow
from tests.support.lakeside import Lakeside, amended_package

PLACE = "processes/lakeside/jurisdiction.yaml"
OFFICE = "roles: [office], area: 全县"


def with_member(roles: str) -> Package:
    return amended_package({PLACE: [(OFFICE, f"roles: {roles}, members: [{{id: wang, name: 王五}}], area: 全县")]})


def test_a_package_gives_nobody_a_role_of_the_program(town: Lakeside) -> None:
    assert BUILT_IN == BUILT_IN_ROLES
    for role in sorted(BUILT_IN):
        with pytest.raises(PackageRefused):
            deploy_package(town.desk, SYSTEM, with_member(f"[office, {role}]"))
        declared = amended_package(
            {PLACE: [("  office: {name: 办公室", f"  {role}: {{name: 甲}}\n  office: {{name: 办公室")]}
        )
        with pytest.raises(PackageRefused):
            deploy_package(town.desk, SYSTEM, declared)


def test_an_account_that_another_place_made_under_our_name_is_not_taken(town: Lakeside) -> None:
    package = with_member("[office]")
    with town.desk.store.write() as tx:
        theirs = PersonRow(login="lakeside.wang", name="王五", created_at=town.clock.now())
        person = tx.people.insert(theirs)
        body = tx.bodies.upsert("elsewhere", "office", kind="office", name="别处", details={})
        seat = {"person_id": person, "body_id": body, "jurisdiction": "elsewhere", "role": "office"}
        tx.memberships.give(MembershipRow(**seat, since=town.clock.now()))
    with town.desk.store.write() as tx, pytest.raises(Conflict, match="王五"):
        install_members(tx, package.jurisdiction, town.clock.now())
