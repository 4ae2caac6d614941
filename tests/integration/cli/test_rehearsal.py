"""A rehearsal begins with the packages and people of an installation, and nothing of it reaches the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM, Actor
from service.casework.audit.heads import sign_now
from service.casework.cases.start import start_case
from service.casework.people.factors.passwords import hash_password
from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.open_draft import open_draft
from service.cli.main import laurel
from service.settings import read_settings
from service.store import Store, Transaction
from service.store.rows import DeputyRow, HealthLimitsRow, MembershipRow, PersonSettingRow, RetentionRuleRow
from service.web import create_app
from tests.support.browsers import PASSWORD, Browser
from tests.support.keys import keys_beside
from tests.support.lakeside import KEY, Lakeside, make_lakeside
from tests.support.shots import dies, shoot


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Lakeside]:
    """The real installation: a running case, a draft, an administrator with a password."""
    store = Store(sqlite_url, tmp_path / "files", keys=keys_beside(tmp_path))
    town = make_lakeside(store)
    town.start("first")
    open_draft(town.desk, town.designer, KEY, "草稿")
    with store.write() as tx:
        tx.people.update_person(town.people["admin"], password=hash_password(PASSWORD))
        choose(tx, town)
    yield town
    store.close()


def choose(tx: Transaction, town: Lakeside) -> None:
    """Choose a time of keeping, a limit of health, a view of tasks, and let somebody stand in."""
    now, (office, admin) = town.clock.now(), (town.people[name] for name in ("office", "admin"))
    tx.erasures.add_rule(
        RetentionRuleRow(
            jurisdiction="lakeside", name="winner.personal", years=3, from_day=now.date(), reason="r", at=now
        )
    )
    tx.health.choose(HealthLimitsRow(values={"disk": 5}, changed_at=now))
    tx.preferences.keep(PersonSettingRow(person_id=office, key="tasks.views", value=[{"name": "超期"}], at=now))
    row = DeputyRow(
        person_id=office,
        deputy_id=admin,
        membership_id=1,
        since=now,
        until=now + timedelta(days=9),
        reason="出差",
        made_at=now,
    )
    tx.deputies.add([row])


@pytest.fixture
def installation(sqlite_url: str, tmp_path: Path) -> Installation:
    """The same as its commands see it; mail and anchors would leave it."""
    given = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url, "LAUREL_SMTP_HOST": "mail.example.cn"}
    given["LAUREL_ANCHORS"] = str(tmp_path / "outside")
    (tmp_path / "outside").mkdir()
    return Installation(read_settings({**given, "LAUREL_SMTP_STARTTLS": "yes", "LAUREL_SMTP_SENDER": "a@example.cn"}))


def prepared(installation: Installation, *more: str) -> Installation:
    told = CliRunner().invoke(laurel, ["rehearse", "--prepare", *more], obj=installation)
    assert told.exit_code == 0, told.output
    return installation.rehearsal(8100)


def test_a_season_is_rehearsed_by_the_real_people_on_a_copy(town: Lakeside, installation: Installation) -> None:
    place = prepared(installation)
    desk = place.desk()
    with desk.store.read() as tx:
        assert tx.cases.numbers_after(0, 10) == []
        assert tx.package_drafts.alive() == []
        person = tx.people.by_login("admin")
        assert tx.people.by_login("first") is not None
        limits = tx.health.limits()
        assert [rule.years for rule in tx.erasures.rules("lakeside")] == [3]
        assert tx.preferences.chosen(town.people["office"], "tasks.views") == {"tasks.views": [{"name": "超期"}]}
        assert len(tx.deputies.concerning(town.people["office"], 10)) == 1
    assert limits is not None
    assert limits.values == {"disk": 5}
    assert person is not None
    assert [type(channel).__name__ for channel in desk.channels] == ["Inbox", "NoMail", "NoWebhook"]
    applicant = town.applicant("first")
    case = start_case(desk, applicant, KEY, "application", None, {"founded": "2020-05-01", "merit": "榫卯技艺传承。"})
    assert case == 1
    assert sign_now(desk, SYSTEM) is None
    assert list(installation.settings.anchors.iterdir()) == [], "these prove the real records"
    with town.desk.store.read() as tx:
        assert tx.cases.numbers_after(0, 10) == [1]  # the real one, and no other
    desk.store.close()


def test_administrators_let_time_pass_and_what_is_due_is_done(town: Lakeside, installation: Installation) -> None:
    place = prepared(installation)
    desk, people = place.desk(), {name: town.people[name] for name in ("admin", "office")}
    app = create_app(desk, place.settings)
    admin, office = (Browser(app, Lakeside(desk, town.clock, *[town.office] * 4, people=people), n) for n in people)
    before = desk.clock.now()
    assert admin.post("/rehearsal/clock", {"days": "3"}).status_code == 403  # of one city; the clock is one for all
    with desk.store.write() as tx:
        seat = {"body_id": town.office.seats[0].body_id, "jurisdiction": "*", "role": "administrator"}
        tx.people.add_membership(MembershipRow(person_id=people["admin"], since=before, **seat))
    assert "不发邮件，结果不算数" in admin.get("/portal").text
    assert 'name="days"' in admin.get("/portal").text
    assert 'name="days"' not in office.get("/portal").text
    assert office.post("/rehearsal/clock", {"days": "3"}).status_code == 403
    assert admin.post("/rehearsal/clock", {"days": "3"}).status_code == 302
    assert desk.clock.now() - before >= timedelta(days=3)
    desk.store.close()


def test_a_rehearsal_is_kept_until_a_new_one_is_asked_for(town: Lakeside, installation: Installation) -> None:
    applicant, second, form = (
        town.applicant("first"),
        town.applicant("second"),
        {"founded": "2020-05-01", "merit": "榫卯技艺传承。"},
    )

    def cases(place: Installation, who: Actor) -> int:
        desk = place.desk()
        found = start_case(desk, who, KEY, "application", None, form)
        desk.store.close()
        return found

    assert cases(prepared(installation), applicant) == 1
    assert cases(prepared(installation), second) == 2
    assert cases(prepared(installation, "--anew"), second) == 1


@pytest.mark.usefixtures("town")
def test_a_rehearsal_whose_copy_was_killed_is_copied_when_it_is_asked_for_again(installation: Installation) -> None:
    """Else it would be served with tables and nobody in them, and no word of why."""
    place = installation.rehearsal(8100)
    assert dies(lambda: killed_at("service.cli.rehearse.copy_without_cases", installation))
    assert (place.settings.data / "laurel.db").exists()
    again = prepared(installation)
    with again.desk().store.read() as tx:
        assert tx.people.by_login("first") is not None
        assert tx.definitions.currents() != []
    again.desk().store.close()


@pytest.mark.usefixtures("town")
def test_a_rehearsal_that_was_half_thrown_away_is_not_taken_for_one(installation: Installation) -> None:
    place = prepared(installation)
    (place.settings.data / "kept").write_text("of the last rehearsal")
    place.desk().store.close()
    assert dies(lambda: killed_at("shutil.rmtree", installation, "--anew"))
    again = prepared(installation)
    assert not (again.settings.data / "kept").exists()
    assert [one.name for one in again.settings.data.parent.glob("rehearsal*")] == ["rehearsal"]
    with again.desk().store.read() as tx:
        assert tx.people.by_login("first") is not None
    again.desk().store.close()


def killed_at(place: str, installation: Installation, *words: str) -> None:
    """Rehearse in a process that is killed as soon as it comes to the function at ``place``."""
    with pytest.MonkeyPatch.context() as deadly:
        deadly.setattr(place, lambda *_, **__: shoot())
        CliRunner().invoke(laurel, ["rehearse", "--prepare", *words], obj=installation)


def test_no_role_needs_a_second_factor_whose_telephone_knows_another_time(
    town: Lakeside, installation: Installation
) -> None:
    strict = Installation(replace(installation.settings, second_factor=frozenset({"system_administrator", "office"})))
    place = prepared(strict)
    desk = place.desk()
    app = create_app(desk, place.settings)
    seen = Lakeside(desk, town.clock, *[town.office] * 4, people=town.people)
    assert Browser(app, seen, "office").get("/account").status_code == 200
    desk.store.close()


def test_a_rehearsal_answers_on_this_machine_only_and_has_sessions_of_its_own(
    town: Lakeside, installation: Installation
) -> None:
    """Everybody's password opens the copy; browsers send the cookies of one port to all."""
    open_to_all = Installation(replace(installation.settings, host="0.0.0.0", https=True, trusted_proxy="10.0.0.1"))
    place = prepared(open_to_all)
    assert (place.settings.host, place.settings.loopback, place.settings.trusted_proxy) == ("127.0.0.1", True, "")
    assert open_to_all.rehearsal(8100, "10.1.2.3").settings.host == "10.1.2.3"
    told = CliRunner().invoke(laurel, ["rehearse", "--prepare", "--host", "10.1.2.3"], obj=open_to_all)
    assert "口令与正式环境相同" in told.output
    desk = place.desk()
    client = create_app(desk, place.settings).test_client()
    real = open_session(town.desk, town.people["admin"], 1)
    client.set_cookie("laurel_session", real)
    page = client.get("/sign-in")
    mark = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert mark
    client.post("/sign-in", data={"csrf_token": mark[1], "login": "admin", "password": PASSWORD})
    assert client.get("/people").status_code == 200
    kept = client.get_cookie("laurel_session")
    assert kept is not None
    assert kept.value == real  # signing in to the rehearsal signs nobody out of the real place
    desk.store.close()
