"""Links that open accounts say what they said when they were given out, whatever is written into their rows."""

import re

import pytest
import sqlalchemy as sa

from service.casework.access.actor import AUDIT_ADMINISTRATOR, SYSTEM, SYSTEM_ADMINISTRATOR
from service.casework.people.accounts.accounts import NewAccount
from service.casework.people.accounts.office_links import offer_offices, take_office, view_office_link
from service.casework.people.seals.row_seals import seal_rows
from service.casework.public.decide_registration import accept_registration
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import set_first_password, view_first_password
from service.domain.errors import NotFound
from tests.integration.people.test_put_back import kept, put_back
from tests.integration.people.test_registrations import SITE, TELEPHONE, lodge, mails, waiting
from tests.support.browsers import PASSWORD
from tests.support.desks import Bench

NEW = "雪山脚下的果园真的很好看"
FAR = "'2099-01-01 00:00:00.000000'"


def by_hand(bench: Bench, statement: str) -> None:
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text(statement))


def link_of(bench: Bench, role: str) -> str:
    """Return what stands in the link of an office."""
    (office,) = (one for one in offer_offices(bench.desk, SYSTEM, "", [role]) if one.role == role)
    return office.link.partition("#")[2]


@pytest.fixture
def started(bench: Bench) -> Bench:
    seal_rows(bench.desk, SYSTEM)
    return bench


@pytest.mark.parametrize("change", [f"role = '{SYSTEM_ADMINISTRATOR}'", "role = 'administrator'", f"until = {FAR}"])
def test_the_link_of_an_office_opens_that_office_in_its_time_alone(started: Bench, change: str) -> None:
    code = link_of(started, AUDIT_ADMINISTRATOR)
    before = kept(started, "office_link")
    by_hand(started, f"update office_link set {change}")
    with pytest.raises(NotFound):
        view_office_link(started.desk, PUBLIC_ACTOR, code)
    with pytest.raises(NotFound):
        take_office(started.desk, PUBLIC_ACTOR, code, NewAccount("wang", "王", PASSWORD))
    put_back(started, "office_link", before)
    assert take_office(started.desk, PUBLIC_ACTOR, code, NewAccount("wang", "王", PASSWORD)) == "wang"
    for again in ("used_at = null, person_id = null", "used_at = null, seal = ''"):
        by_hand(started, f"update office_link set {again}")
        with pytest.raises(NotFound):
            take_office(started.desk, PUBLIC_ACTOR, code, NewAccount("wang2", "王", PASSWORD))
    put_back(started, "office_link", before)
    with pytest.raises(NotFound):
        take_office(started.desk, PUBLIC_ACTOR, code, NewAccount("wang2", "王", PASSWORD))


def test_a_link_that_a_later_one_made_void_stays_so(started: Bench) -> None:
    code = link_of(started, AUDIT_ADMINISTRATOR)
    before = kept(started, "office_link")
    link_of(started, AUDIT_ADMINISTRATOR)
    put_back(started, "office_link", before)
    with pytest.raises(NotFound):
        view_office_link(started.desk, PUBLIC_ACTOR, code)


def test_the_link_of_a_registration_sets_the_password_of_its_account_alone(started: Bench) -> None:
    lodge(started)
    (number,) = waiting(started)
    done = accept_registration(started.desk, started.office, number, SITE)
    found = re.search(rf"{SITE}/register-organisation/password#(\S+)", mails(started, number))
    assert found is not None
    before = kept(started, "registration")
    whose = f"person_id = (select id from person where login = 'stranger'), link_until = {FAR}"
    for change in (whose, f"link_until = {FAR}", "seal = ''"):
        by_hand(started, f"update registration set {change}")
        with pytest.raises(NotFound):
            view_first_password(started.desk, PUBLIC_ACTOR, found[1], "o")
        with pytest.raises(NotFound):
            set_first_password(started.desk, PUBLIC_ACTOR, found[1], TELEPHONE, NEW, "o")
        put_back(started, "registration", before)
    assert set_first_password(started.desk, PUBLIC_ACTOR, found[1], TELEPHONE, NEW, "o").login == done.login
    put_back(started, "registration", before)
    by_hand(started, "update person set password = null")
    with pytest.raises(NotFound):
        set_first_password(started.desk, PUBLIC_ACTOR, found[1], TELEPHONE, NEW, "o")


def test_links_of_a_program_before_open_what_they_said_at_the_first_start(bench: Bench) -> None:
    code = link_of(bench, AUDIT_ADMINISTRATOR)
    by_hand(bench, "update office_link set seal = ''")
    assert seal_rows(bench.desk, SYSTEM) == 3
    assert view_office_link(bench.desk, PUBLIC_ACTOR, code).title.zh
    by_hand(bench, f"update office_link set until = {FAR}")
    with pytest.raises(NotFound):
        view_office_link(bench.desk, PUBLIC_ACTOR, code)
