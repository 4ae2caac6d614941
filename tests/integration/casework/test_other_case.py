"""What a step of one case changes about another stands in the other's history too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.casework.access.actor import SYSTEM, Actor
from service.casework.handler_services.register import RegisterPort
from service.casework.queries.cases.view_case import view_case
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.store.rows import AuditRow, AwardRow
from tests.integration.interventions.test_interventions import reviewed
from tests.support.desks import Bench


def told(bench: Bench, case: int) -> list[AuditRow]:
    with bench.desk.store.read() as tx:
        assert tx.history.verify(case) is None
        return [event for event in tx.history.of_case(case) if event.action == "register"]


def conferred(bench: Bench, case: int) -> int:
    with bench.desk.store.write() as tx:
        body = tx.cases.get(case).subject_id
        assert body is not None
        return tx.register.insert_award(
            AwardRow(
                jurisdiction=bench.case(case).jurisdiction, award=bench.case(case).award, tier="quality", body_id=body,
                round="2024", decided_on=date(2024, 5, 1), number=None, details={"case": case},
            )
        )  # fmt: skip


def revoked(bench: Bench, case: int, award: int) -> None:
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, case, SYSTEM)
        RegisterPort(step).revoke(award, date(2026, 3, 1), "弄虚作假")
        save_step(step)
    bench.drain()


def test_a_revocation_stands_in_the_case_that_conferred_the_award_too(bench: Bench) -> None:
    conferring, revoking = reviewed(bench), reviewed(bench)
    award = conferred(bench, conferring)
    revoked(bench, revoking, award)
    [own] = told(bench, revoking)
    [other] = told(bench, conferring)
    assert (own.text, other.text) == ("撤销登记：弄虚作假", f"因办件{revoking}：撤销登记：弄虚作假")
    assert (other.data["award"], other.data["because"]) == (award, revoking)
    revoked(bench, revoking, award)
    assert len(told(bench, conferring)) == 1, "what was revoked before changes nothing there"


def test_a_case_that_revokes_its_own_award_is_told_once(bench: Bench) -> None:
    case = reviewed(bench)
    revoked(bench, case, conferred(bench, case))
    assert len(told(bench, case)) == 1


def test_the_other_case_is_named_to_who_may_open_it_alone(bench: Bench) -> None:
    """Who is recused from whom a revocation is about, or only read the conferring case, learns no name and no reason."""
    conferring, revoking = reviewed(bench), reviewed(replace(bench, applicant=bench.stranger))
    about = bench.stranger.seats[0].body_id
    revoked(bench, revoking, conferred(bench, conferring))

    def read(actor: Actor) -> list[str]:
        events = view_case(bench.desk, actor, conferring).brief.events
        return [event.text for event in events if event.action == "register"]

    hidden = ["另一办件改动了与本办件有关的登记"]
    assert read(bench.office) == [f"因办件{revoking}“{bench.case(revoking).title}”：撤销登记：弄虚作假"]
    assert read(replace(bench.office, recused=frozenset({about}))) == hidden
    assert read(bench.applicant) == hidden
