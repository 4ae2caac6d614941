"""What an office decided itself outlives a version of a folder, or the folder is refused with every value it would end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import SettingsWouldEnd, deploy_package
from service.casework.definitions.settings import change_setting
from service.casework.queries.law.view_settings import view_setting
from service.casework.studio.publication.publish_draft import withdraw_version
from service.catalog import Package
from service.domain.errors import Conflict
from service.store.models import MembershipRow
from tests.support.lakeside import KEY, LAW, PARAMETERS, Lakeside, amended_package

TODAY = date(2026, 3, 2)
PLACE = "processes/lakeside/jurisdiction.yaml"
OFFICE = "roles: [office], area: 全县"
NOTICE = "    minimum: 5\n    values:\n      - {from: 2026-01-01, value: 5}"
MOVED = ("from: 2027-01-01", "from: 2026-07-01")


def in_force(town: Lakeside, parameter: str = "notice_working_days") -> str:
    return view_setting(town.desk, town.admin, KEY, parameter)[1].value.zh


def chosen(town: Lakeside, value: object = 6) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", value, TODAY, "县政府办公会议决定")


def with_bound(least: int) -> Package:
    new = f"    minimum: {least}\n    values:\n      - {{from: 2026-01-01, value: {least}}}"
    return amended_package({PARAMETERS: [(NOTICE, new), ("value: 7}", f"value: {least + 2}}}")]})


def test_another_value_in_the_folder_leaves_what_the_city_chose(town: Lakeside) -> None:
    chosen(town, 8)
    other = amended_package({PARAMETERS: [(NOTICE, NOTICE.replace("value: 5}", "value: 6}"))]})
    done = deploy_package(town.desk, SYSTEM, other)
    assert (in_force(town), done.ended) == ("8个工作日", ())


@pytest.mark.parametrize(
    ("package", "becomes", "since"),
    [
        (lambda: with_bound(8), "8个工作日", None),
        (lambda: amended_package({PARAMETERS: [MOVED]}), "7个工作日", "2026年7月1日"),
    ],
    ids=["bound", "later value"],
)
def test_a_version_that_would_end_what_a_city_chose_is_refused_with_each_value(
    town: Lakeside, package: Callable[[], Package], becomes: str, since: str | None
) -> None:
    chosen(town)
    with pytest.raises(SettingsWouldEnd) as refused:
        deploy_package(town.desk, SYSTEM, package())
    for said in ("公示期", "6个工作日", becomes, since or "2026年3月2日", "--end-settings"):
        assert said in refused.value.message.zh
    assert "6 working days" in refused.value.message.en
    assert in_force(town) == "6个工作日"


def test_it_ends_where_whoever_deploys_says_so_and_that_goes_on_record(town: Lakeside) -> None:
    chosen(town)
    done = deploy_package(town.desk, SYSTEM, with_bound(8), end_settings=True)
    assert [one.becomes.zh for one in done.ended if one.becomes] == ["8个工作日"]
    assert in_force(town) == "8个工作日"
    with town.desk.store.read() as tx:
        last = tx.package_events.find("-seq", package=KEY)
    assert last is not None
    assert last.action == "settings_ended"
    assert "6个工作日" in last.text


def member(words: str = "") -> Package:
    row = f"roles: [office], members: [{{id: wang, name: 王五{words}}}], area: 全县"
    return amended_package({PLACE: [(OFFICE, row)]})


def seat_of(town: Lakeside) -> MembershipRow:
    with town.desk.store.read() as tx:
        person = tx.people.by_login("lakeside.wang")
        assert person is not None
        (held,) = tx.memberships.select(person_id=person.id)
    return held


def test_a_seat_that_an_administrator_ended_is_not_given_again_by_the_next_version(town: Lakeside) -> None:
    first = town.deploy(member())
    with town.desk.store.write() as tx:
        tx.memberships.change(seat_of(town).id, until=town.clock.now())
    ended = seat_of(town)
    town.clock.move_to(town.clock.now() + timedelta(days=1))
    other = amended_package(
        {PLACE: [(OFFICE, "roles: [office], members: [{id: wang, name: 王五}], area: 全县")], LAW: [("湖滨", "湖东")]}
    )
    deploy_package(town.desk, SYSTEM, other)
    assert seat_of(town) == ended
    withdraw_version(town.desk, town.admin, KEY, other.version, "有误")
    assert seat_of(town) == ended
    town.deploy(member(", from: 2026-04-01"))
    assert seat_of(town).until is None, "a term that the package states anew is given"
    with pytest.raises(Conflict):
        town.deploy(first)
