"""An account of another place is asked before an office has it on its register and draws it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.queries.own_place.inbox import list_messages
from service.casework.queries.people.experts import view_expert
from service.casework.review.answer_invitation import answer_invitation, list_invitations
from service.casework.review.expert_register import NewExpert, add_expert, set_expert_status
from service.casework.review.ties_on_record import note_interest
from service.casework.spreadsheets.experts import import_experts
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.store import CaseFilter
from service.store.rows import ExpertRow, MembershipRow, PersonRow, RecusalRow
from tests.integration.spreadsheets.test_experts import HEAD, education, line
from tests.support.browsers import Browser, make_app
from tests.support.review import ReviewBench

HERE = "riverton"


def stranger(bench: ReviewBench, jurisdiction: str, login: str = "far.away") -> Actor:
    """Somebody who served elsewhere, and does no more."""
    now = bench.desk.clock.now()
    with bench.desk.store.write() as tx:
        body = tx.people.upsert_body(jurisdiction, f"office-{login}", kind="department", name="外地机构")
        person = tx.people.insert_person(PersonRow(login=login, name="外地人", email="far@example.cn", created_at=now))
        tx.people.add_membership(
            MembershipRow(
                person_id=person, body_id=body, jurisdiction=jurisdiction, role="office", since=now - timedelta(days=9), until=now
            )
        )  # fmt: skip
    bench.people[login] = person
    return Actor(person, "外地人")


def entry(login: str = "far.away") -> NewExpert:
    return NewExpert(HERE, login, "外地人", "外地机构", "doctor", date(2010, 1, 1), ("食品",))


def on_register(bench: ReviewBench, ident: int) -> tuple[ExpertRow, list[str]]:
    with bench.desk.store.read() as tx:
        row = tx.experts.get(ident)
        return row, [m.role for m in tx.people.memberships(row.person_id, bench.desk.clock.now())]


def test_nobody_of_another_place_is_drawn_without_their_consent(here: ReviewBench) -> None:
    office, person = here.actor("office"), stranger(here, "elsewhere")
    listed = [HEAD, line("far.away", "外地人", education=education(here))]
    assert "等待本人同意" in import_experts(here.desk, office, HERE, listed).lines[0].reason.zh  # and not “new”
    ident = add_expert(here.desk, office, entry())
    row, roles = on_register(here, ident)
    assert (row.status, roles) == ("invited", [])
    for status in ("active", "suspended"):  # the office cannot agree for them
        with pytest.raises(Conflict, match="还没有同意"):
            set_expert_status(here.desk, office, ident, row.version, status, "补登")
    with pytest.raises(Conflict, match="已在专家库"):
        add_expert(here.desk, office, entry())
    (told,), _ = list_messages(here.desk, person)
    assert "邀请您加入评审专家库" in told.subject
    with pytest.raises(NotFound):
        answer_invitation(here.desk, office, ident, accept=True)
    (asked,) = list_invitations(here.desk, person)
    assert (asked.expert_id, asked.employer) == (ident, "外地机构")
    answer_invitation(here.desk, person, ident, accept=True)
    assert on_register(here, ident)[0].status == "active"
    assert len(on_register(here, ident)[1]) == 1
    with pytest.raises(Conflict, match="已经答复"):
        answer_invitation(here.desk, person, ident, accept=False)


def test_the_answer_is_given_on_the_page_of_messages(here: ReviewBench) -> None:
    office = here.actor("office")
    stranger(here, "elsewhere")
    ident = add_expert(here.desk, office, entry())
    app = make_app(here)  # type: ignore[arg-type]
    person = Browser(app, here, "far.away")  # type: ignore[arg-type]
    assert "同意入库" in person.get("/inbox").text
    assert person.post(f"/invitations/{ident}", {"accept": "no"}).status_code == 302
    assert on_register(here, ident)[0].status == "declined"
    assert "同意入库" not in person.get("/inbox").text
    assert "本人谢绝" in Browser(app, here, "office").get("/experts").text  # type: ignore[arg-type]


def test_an_administrator_of_both_places_and_people_of_this_one_need_no_consent(here: ReviewBench) -> None:
    office = here.actor("office")
    stranger(here, "elsewhere")
    stranger(here, HERE, "of.here")
    seat = office.seats[0]
    both = tuple(
        Seat(place, "administrator", seat.body_id, seat.body_key, seat.body_name, seat.body_kind)
        for place in (HERE, "elsewhere")
    )
    for who, login in ((Actor(office.person_id, "两地管理员", both), "far.away"), (office, "of.here")):
        assert on_register(here, add_expert(here.desk, who, entry(login)))[0].status == "active"


def test_what_other_places_know_of_an_expert_is_theirs(here: ReviewBench) -> None:
    """Their recusals and organisations are neither shown nor offered, and nothing of whoever was only invited."""
    office, person = here.actor("office"), stranger(here, "elsewhere")
    ident, now = add_expert(here.desk, office, entry()), here.desk.clock.now()
    with here.desk.store.write() as tx:
        theirs, ours = (
            tx.people.upsert_body("*", key, kind="organisation", name=name, registered_in=place)
            for key, name, place in (("91A", "外地企业", "elsewhere"), ("91B", "本地企业", HERE))
        )
        [case, *_] = tx.cases.search(CaseFilter([HERE]))
        for place, body in (("elsewhere", theirs), (HERE, ours)):
            tx.experts.recuse(
                RecusalRow(
                    jurisdiction=place, person_id=person.person_id or 0, body_id=body, case_id=case.id, reason="亲属",
                    source="record", decided_at=now,
                )
            )  # fmt: skip
    assert view_expert(here.desk, office, ident).recusals == ()
    answer_invitation(here.desk, person, ident, accept=True)
    view = view_expert(here.desk, office, ident)
    assert [name for _, name in view.recusals] == ["本地企业"]
    offered = [name for _, name in view.bodies]
    assert ("本地企业" in offered, "外地企业" in offered) == (True, False)
    note_interest(here.desk, office, ident, ours, "kinship", "配偶任职", None)
    with pytest.raises(Invalid, match="从列表中选择"):
        note_interest(here.desk, office, ident, theirs, "kinship", "猜编号", None)
    assert [name for _, name, *_ in view_expert(here.desk, office, ident).interests] == ["本地企业"]


def test_no_administrator_alone_makes_or_drops_an_expert_and_nobody_enters_themselves(here: ReviewBench) -> None:
    office, desk, now = here.actor("office"), here.desk, here.desk.clock.now()
    seat, word = office.seats[0], education(here)
    with desk.store.write() as tx:
        for login, role in (("puppet", None), ("system", "system_administrator")):
            ident = tx.people.insert_person(PersonRow(login=login, name="外地人", created_at=now))
            here.people[login] = ident
            if role is not None:
                tx.people.add_membership(
                    MembershipRow(person_id=ident, body_id=seat.body_id, jurisdiction=HERE, role=role, since=now)
                )
        own = tx.people.person(office.person_id or 0)
        expert = tx.experts.get(1)
    system = here.member(here.people["system"])
    for act in (
        lambda: add_expert(desk, system, entry("new.one")),
        lambda: set_expert_status(desk, system, 1, expert.version, "disqualified", "理由"),
        lambda: import_experts(desk, system, HERE, [HEAD]),
    ):
        with pytest.raises(NotAllowed, match="办公室人员"):
            act()
    mine = replace(entry(own.login), name=own.name)
    for new, sentence in ((mine, "本人"), (entry("puppet"), "首个角色"), (entry("system"), "现任管理员")):
        with pytest.raises(NotAllowed, match=sentence):
            add_expert(desk, office, new)
        (report,) = import_experts(desk, office, HERE, [HEAD, line(new.login, new.name, education=word)]).lines
        assert sentence in report.reason.zh
    themselves = Actor(expert.person_id, "专家兼办公室", office.seats)
    with pytest.raises(NotAllowed, match="本人"):
        set_expert_status(desk, themselves, 1, expert.version, "active", "恢复")


def test_who_became_an_administrator_meanwhile_cannot_agree(here: ReviewBench) -> None:
    office, person = here.actor("office"), stranger(here, "elsewhere")
    ident = add_expert(here.desk, office, entry())
    with here.desk.store.write() as tx:
        tx.people.add_membership(
            MembershipRow(
                person_id=person.person_id or 0, body_id=office.seats[0].body_id, jurisdiction="elsewhere",
                role="security_administrator", since=here.desk.clock.now(),
            )
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="现任管理员"):
        answer_invitation(here.desk, person, ident, accept=True)
    assert on_register(here, ident)[0].status == "invited"
