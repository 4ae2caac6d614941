"""Who is reminded of a limit, on which days: those who must act, the head once it has passed, nobody while the case stands still."""

from datetime import timedelta

from service.store.models import MembershipRow
from tests.support.desks import Bench, suspend_case

UNTIL = timedelta(days=18)


def reminded(bench: Bench, case: int, login: str) -> list[str]:
    with bench.desk.store.read() as tx:
        rows = [row for row in tx.mail.select(case_id=case) if row.effect_key.startswith("escalate:")]
    return [f"{row.queued_at:%m-%d}" for row in rows if row.person_id == bench.people[login]]


def test_who_must_act_is_reminded_on_each_day_and_the_head_after_the_last(bench: Bench) -> None:
    case, seat = bench.submitted(), bench.office.seats[0]
    head = MembershipRow(
        person_id=bench.people["stranger"], body_id=seat.body_id, jurisdiction="testville", role="head",
        since=bench.clock.now(),
    )  # fmt: skip
    with bench.desk.store.write() as tx:
        tx.memberships.give(head)
    bench.advance(bench.clock.now() + UNTIL)
    assert reminded(bench, case, "office") == ["03-05", "03-09", "03-10", "03-12", "03-16"]
    assert reminded(bench, case, "stranger") == ["03-10", "03-12", "03-16"]


def test_the_log_says_which_body_was_urged(bench: Bench) -> None:
    case, body = bench.submitted(), bench.office.seats[0].body_id
    with bench.desk.store.write() as tx:
        office = tx.bodies.get(int(body or 0)).name
        for task in tx.tasks.open_of_case(case):
            tx.tasks.change(task.id, body_id=body)
    bench.advance(bench.clock.now() + UNTIL)
    with bench.desk.store.read() as tx:
        entries = [event.text for event in tx.history.newest(case) if event.action == "reminded"]
    assert all(entry.startswith(f"催办{office}") for entry in entries)
    assert entries


def test_nobody_is_reminded_while_the_case_is_suspended(bench: Bench) -> None:
    case = bench.submitted()
    suspend_case(bench.desk, bench.admin, case, "核实情况")
    bench.advance(bench.clock.now() + UNTIL)
    assert reminded(bench, case, "office") == []
