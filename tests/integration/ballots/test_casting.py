"""A ballot from its opening to its count, on both databases."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.audit.intact import SECRET
from service.casework.ballots.cast_vote import AlreadyVoted, cast_vote
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.counting import cancel_ballot, count_ballot, decide_tie, next_agenda
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.repeat_count import read_record, repeat_count
from service.casework.ballots.view_ballot import view_ballot
from service.casework.queries.cases.view_case import view_case
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.tasks.delegate import delegate_task
from service.domain.ballots import BadPaper, BoxMismatch, UrnDamaged
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import KeyLost, Transaction
from service.store.models.review import ballot_roll
from tests.support.ballots import CANDIDATES, START, UNITS, Hall, paper
from tests.support.statements import statements_of

pytestmark = pytest.mark.both_databases

CLEAR = [paper("yyn")] * 6 + [paper("nn-")] * 3


def statements(hall: Hall, act) -> int:
    with statements_of(hall.desk.store) as sent:
        act()
    return len(sent)


def key_files(hall: Hall) -> list[str]:
    root = hall.desk.ballot_keys.root
    return sorted(
        str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and p.suffix not in (".secret", ".notes")
    )


def test_a_whole_series_from_the_first_tier_to_the_last(hall: Hall) -> None:
    case_id, first = hall.open()
    hall.everybody(first, CLEAR)
    hall.drain()
    assert hall.elected(first) == {("quality", "c1"), ("quality", "c2")}
    second = hall.ballots(case_id)[-1]
    assert (second.previous_id, second.state, [c["candidates"] for c in second.agenda["contests"]]) == (
        first,
        "open",
        [["c3"]],
    )
    hall.everybody(second.id, [paper("..y", "nomination")] * 9)
    hall.drain()
    assert hall.elected(second.id) == {("quality", "c1"), ("quality", "c2"), ("nomination", "c3")}
    assert (hall.case(case_id).status, hall.case(case_id).outcome) == ("ended", "voted")


def test_the_close_comes_by_time_and_the_count_follows(hall: Hall) -> None:
    _, ballot = hall.open()
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    outcome = hall.outcome(ballot)
    assert (outcome["issued"], outcome["cast"], outcome["unused"], outcome["valid"], outcome["spoiled"]) == (
        9,
        7,
        2,
        7,
        0,
    )


def test_the_ballot_stays_open_for_the_last_member(hall: Hall) -> None:
    _, ballot = hall.open()
    for number in range(1, 9):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert hall.ballot(ballot).state == "open"


def test_without_a_quorum_the_same_is_voted_again(hall: Hall) -> None:
    case_id, ballot = hall.open()
    for number in range(1, 6):
        hall.cast(ballot, number, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    assert hall.outcome(ballot)["quorum"] is False
    again = hall.ballots(case_id)[-1]
    assert (again.id != ballot, again.state, again.cast, again.agenda["contests"]) == (
        True,
        "open",
        0,
        hall.ballot(ballot).agenda["contests"],
    )
    hall.everybody(again.id, CLEAR)
    hall.drain()
    assert hall.elected(again.id) == {("quality", "c1"), ("quality", "c2")}


def test_a_tie_goes_to_a_ballot_among_the_tied(hall: Hall) -> None:
    case_id, ballot = hall.open(places=1)
    hall.everybody(ballot, [paper("yyn")] * 6 + [paper("nnn")] * 3)
    hall.drain()
    (contest,) = hall.ballots(case_id)[-1].agenda["contests"]
    assert (sorted(contest["candidates"]), contest["runoff"], contest["places"]) == (["c1", "c2"], True, 1)
    hall.everybody(hall.ballots(case_id)[-1].id, [paper("yn")] * 5 + [paper("ny")] * 4)
    hall.drain()
    assert ("quality", "c1") in hall.elected(hall.ballots(case_id)[-2].id)


def test_every_member_gets_a_task_that_only_they_see_and_that_is_gone_once_they_voted(hall: Hall) -> None:
    case_id, ballot = hall.open()
    with hall.desk.store.read() as tx:
        tasks = tx.tasks.open_of_case(case_id)
    assert {(t.kind, t.assignee_id, t.note["ballot"], t.title) for t in tasks} == {
        ("ballot", m.person_id, ballot, "投票：质量奖获奖建议名单（质量奖）") for m in hall.members
    }
    hall.cast(ballot, 1, paper("yyn"))
    with hall.desk.store.read() as tx:
        left = tx.tasks.open_of_case(case_id)
        (done,) = [t for t in tx.tasks.select(case_id=case_id) if t.state == "done"]
    assert len(left) == 8
    assert (done.done_at, done.done_by, done.assignee_id) == (None, None, hall.members[0].person_id)
    with pytest.raises(Conflict, match="不能认领或转办"):
        delegate_task(hall.desk, hall.members[1], left[0].id, None, hall.members[2].person_id, "代我投")


def test_others_see_turnout_and_nothing_else(hall: Hall) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    waiting = view_case(hall.desk, hall.supervisor, case).tasks
    assert [task.assignee for task in waiting] == [""] * 8, "who has not voted is no more told than who has"
    seen = view_ballot(hall.desk, hall.supervisor, ballot)
    assert (seen.cast, seen.issued, seen.result, seen.receipt, seen.roll, seen.may_vote) == (1, 9, None, "", (), False)
    with pytest.raises(NotAllowed):
        view_ballot(hall.desk, hall.stranger, ballot)
    with pytest.raises(Conflict, match="尚未计票"):
        repeat_count(hall.desk, hall.supervisor, ballot)


def test_a_vote_costs_few_statements(hall: Hall) -> None:
    _, ballot = hall.open()
    assert statements(hall, lambda: hall.cast(ballot, 1, paper("yyn"))) <= 12
    for number in range(2, 9):
        hall.cast(ballot, number, paper("yyn"))
    assert statements(hall, lambda: hall.cast(ballot, 9, paper("yyn"))) <= 12


def test_a_paper_posted_twice_counts_once(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    with pytest.raises(AlreadyVoted):
        hall.cast(ballot, 1, paper("nny"))
    assert hall.ballot(ballot).cast == 1


def test_nothing_is_cast_after_the_close_even_before_the_timer_has_fired(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.clock.move_to(START + timedelta(days=1))
    with pytest.raises(Conflict, match="已经截止"):
        hall.cast(ballot, 1, paper("yyn"))


def test_a_stranger_the_office_and_the_supervisor_cannot_vote(hall: Hall) -> None:
    _, ballot = hall.open()
    for actor in (hall.stranger, hall.office, hall.supervisor, hall.units[0]):
        with pytest.raises(NotAllowed):
            cast_vote(hall.desk, actor, ballot, paper("yyn"))
    assert hall.ballot(ballot).cast == 0


def test_too_many_marks_are_refused_and_no_key_is_left_behind(hall: Hall) -> None:
    _, ballot = hall.open(unit="approval_up_to_quota")
    before = key_files(hall)
    with pytest.raises(BadPaper, match="最多选2个，您选了3个"):
        hall.cast(ballot, 1, paper("yyy"))
    assert key_files(hall) == before
    hall.cast(ballot, 1, paper("yy"))
    assert hall.ballot(ballot).cast == 1


def test_nothing_is_cast_in_a_case_that_does_not_run(hall: Hall) -> None:
    case_id, ballot = hall.open()
    with hall.desk.store.write() as tx:
        tx.cases.change(case_id, status="suspended")
    with pytest.raises(Conflict, match="已暂停"):
        hall.cast(ballot, 1, paper("yyn"))
    assert hall.ballot(ballot).cast == 0


def test_the_recused_leave_the_denominator_of_that_candidate(hall: Hall) -> None:
    recusals = [{"voter": "member1", "candidate": "c1", "reason": "曾任该单位董事"}]
    _, ballot = hall.open(recusals=recusals)
    with pytest.raises(BadPaper, match="回避"):
        hall.cast(ballot, 1, paper("yyn"))
    hall.cast(ballot, 1, paper(".yn"))
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn" if number < 6 else "nyn"))
    hall.drain()
    lines = {line["candidate"]: line for line in hall.outcome(ballot)["lines"]}
    assert (lines["c1"]["base"], lines["c1"]["yes"], lines["c1"]["passed"]) == (8, 4, False)
    assert lines["c2"]["base"] == 9
    assert "回避1人" in lines["c1"]["why"]["zh"]


def test_a_member_declares_a_recusal_before_voting_and_not_afterwards(hall: Hall) -> None:
    case_id, ballot = hall.open()
    with pytest.raises(Invalid):
        declare_recusal(hall.desk, hall.members[0], ballot, "c1", " ")
    declare_recusal(hall.desk, hall.members[0], ballot, "c1", "配偶在该单位任职")
    view = view_ballot(hall.desk, hall.members[0], ballot)
    assert [a.recused for p in view.parts for a in p.asks if a.candidate == "c1"] == ["配偶在该单位任职"]
    hall.cast(ballot, 1, paper(".yn"))
    with pytest.raises(AlreadyVoted):
        declare_recusal(hall.desk, hall.members[0], ballot, "c2", "迟到的申明")
    with hall.desk.store.read() as tx:
        said = [e.text for e in tx.history.newest(case_id) if e.action == "recusal"]
        assert tx.history.verify(case_id) is None
    assert len(said) == 1
    assert "配偶在该单位任职" in said[0]


def test_a_member_finds_the_number_of_the_receipt_with_the_result(hall: Hall) -> None:
    _, ballot = hall.open()
    receipts = [hall.cast(ballot, n, p) for n, p in enumerate(CLEAR[:8], 1)]
    assert all(re.fullmatch("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", each) for each in receipts)
    seen = view_ballot(hall.desk, hall.members[2], ballot)
    assert (seen.receipt, seen.receipts) == (receipts[2], ())
    assert view_ballot(hall.desk, hall.members[8], ballot).receipt == "", "who has not voted has none"
    hall.advance(START + timedelta(days=1, seconds=1))
    seen = view_ballot(hall.desk, hall.members[2], ballot)
    assert (seen.receipt, seen.receipts) == (receipts[2], tuple(sorted(receipts)))
    watched = view_ballot(hall.desk, hall.supervisor, ballot)
    assert (watched.receipt, watched.receipts) == ("", tuple(sorted(receipts)))


def test_a_mark_taken_off_the_roll_is_found_before_the_count(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    with hall.desk.store.write() as tx:
        tx.ballots._connection.execute(sa.update(ballot_roll).values(state=0))
    with pytest.raises(BoxMismatch):
        hall.cast(ballot, 2, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    with hall.desk.store.read() as tx:
        assert (
            tx.ballot_results.find(ballot_id=ballot) is None
        )  # marks and papers differ: nothing is counted, an incident says so
        assert hall.ballot(ballot).state == "open"


def test_a_supervisor_repeats_the_count_from_what_is_published(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.everybody(ballot, CLEAR)
    hall.drain()
    repeated = repeat_count(hall.desk, hall.supervisor, ballot)
    assert (repeated.same, repeated.untouched, repeated.receipts) == (True, True, True)
    copy = dict(read_record(hall.desk, hall.members[0], ballot))
    slips = {**copy["slips"], "quality:c1": [{**s, "mark": "yes"} for s in copy["slips"]["quality:c1"]]}
    with hall.desk.store.write() as tx:
        tx.ballot_results.change_where({"ballot_id": ballot}, record={**copy, "slips": slips})
    changed = repeat_count(hall.desk, hall.supervisor, ballot)
    assert (changed.same, changed.untouched) == (False, False)
    with pytest.raises(NotAllowed):
        repeat_count(hall.desk, hall.stranger, ballot)


def test_the_keys_live_apart_change_at_every_cast_and_are_gone_after_the_count(hall: Hall) -> None:
    _, ballot = hall.open()
    root = hall.desk.ballot_keys.root
    seen = set()
    for number, marks in enumerate(CLEAR, 1):
        hall.cast(ballot, number, marks)
        files = key_files(hall)
        assert len(files) == 2  # what seals the first teller's sheet, and the one key of the urn as it is now
        seen.add(tuple(files))
    assert len(seen) == 9
    assert {oct(p.stat().st_mode & 0o777) for p in root.rglob("*") if p.is_file()} == {"0o600"}
    box = hall.ballot(ballot).box
    hall.drain()
    assert not (root / box).exists()
    assert hall.ballot(ballot).urn is None


def test_without_its_key_a_box_is_never_counted_nor_cast_into(hall: Hall) -> None:
    case_id, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    hall.desk.ballot_keys.destroy(hall.ballot(ballot).box)
    with pytest.raises(KeyLost):
        hall.cast(ballot, 2, paper("yyn"))
    hall.advance(START + timedelta(days=1, seconds=1))
    with hall.desk.store.read() as tx:
        assert tx.ballot_results.find(ballot_id=ballot) is None
    assert hall.case(case_id).status == "running"


def test_an_urn_put_back_from_a_backup_is_noticed(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    old = hall.ballot(ballot).urn
    hall.cast(ballot, 2, paper("yyn"))
    with hall.desk.store.write() as tx:
        tx.ballots.change(ballot, urn=old)
    with pytest.raises((UrnDamaged, BoxMismatch)):
        hall.cast(ballot, 3, paper("yyn"))


ATTACKS: dict[str, Callable[[Transaction, int], object]] = {
    "a mark taken off": lambda tx, n: _by_hand(
        tx, f"update ballot_roll set state = 0 where ballot_id = {n} and number = 1"
    ),
    "a mark added": lambda tx, n: _by_hand(
        tx, f"update ballot_roll set state = 1 where ballot_id = {n} and number = 2"
    ),
    "a mark moved from one member to another": lambda tx, n: _by_hand(
        tx, f"update ballot_roll set state = 1 - state where ballot_id = {n} and number in (1, 3)"
    ),
    "a mark of the screen made one of the hall": lambda tx, n: _by_hand(
        tx, f"update ballot_roll set state = 2 where ballot_id = {n} and number = 1"
    ),
    "somebody else in a member's place": lambda tx, n: _by_hand(
        tx, f"update ballot_roll set person_id = 16 where ballot_id = {n} and number = 4"
    ),
    "another threshold": lambda tx, n: tx.ballots.change(
        n, rules={**tx.ballots.get(n).rules, "vote_threshold": "plurality"}
    ),
}
"""What somebody with the database alone may write."""


def _by_hand(tx: Transaction, statement: str) -> None:
    tx._connection.execute(sa.text(statement))


def test_whatever_is_written_by_hand_lets_nobody_vote_and_opens_an_incident(hall: Hall) -> None:
    for name, attack in ATTACKS.items():
        case_id, ballot = hall.open()
        hall.cast(ballot, 1, paper("yyn"))
        with hall.desk.store.write() as tx:
            attack(tx, ballot)
        with pytest.raises((UrnDamaged, BoxMismatch)):
            hall.cast(ballot, 5, paper("yyn"))
        with hall.desk.store.read() as tx:
            assert [i.kind for i in tx.incidents.list_open() if i.case_id == case_id] == ["ballot"], name
            assert tx.history.verify(case_id) is None
            assert [e.action for e in tx.history.newest(case_id)].count("incident") == 1
        with pytest.raises((UrnDamaged, BoxMismatch)):
            hall.cast(ballot, 6, paper("yyn"))
        with hall.desk.store.read() as tx:
            assert len([i for i in tx.incidents.list_open() if i.case_id == case_id]) == 1, "told once"


def test_a_mark_moved_after_the_last_cast_is_found_at_the_count(hall: Hall) -> None:
    case_id, ballot = hall.open()
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn"))
    with hall.desk.store.write() as tx:
        _by_hand(tx, f"update ballot_roll set state = 1 - state where ballot_id = {ballot} and number in (1, 9)")
    hall.advance(START + timedelta(days=1, seconds=1))
    with hall.desk.store.read() as tx:
        assert tx.ballot_results.find(ballot_id=ballot) is None
        assert [i.kind for i in tx.incidents.list_open() if i.case_id == case_id] == ["service"]


def test_a_count_by_attendance_waits_for_the_list_of_who_signed_in(hall: Hall) -> None:
    case_id, ballot = hall.open(counts="sign_in")
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    with hall.desk.store.read() as tx:
        assert tx.ballot_results.find(ballot_id=ballot) is None
        assert [i.kind for i in tx.incidents.list_open() if i.case_id == case_id] == ["service"]


BY_NAME: dict[str, str] = {
    "another choice": "update ballot_roll set open_paper = (select open_paper from ballot_roll where ballot_id = :n and number = 2)"
    " where ballot_id = :n and number = 1",
    "a paper for who did not vote": "update ballot_roll set state = 1, open_paper = (select open_paper from ballot_roll"
    " where ballot_id = :n and number = 2) where ballot_id = :n and number = 9",
    "a vote taken back whole": "update ballot_roll set state = 0, open_paper = null where ballot_id = :n and number = 1",
    "a mark taken off": "update ballot_roll set state = 0 where ballot_id = :n and number = 1",
}
"""What somebody with the database alone may do to a vote by name; the count of papers they set right, too."""


@pytest.mark.parametrize("attack", BY_NAME.values(), ids=list(BY_NAME))
def test_a_vote_by_name_that_was_changed_is_not_counted(hall: Hall, attack: str) -> None:
    case_id, ballot = hall.open(open=True)
    hall.advance(START + timedelta(minutes=5))
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn" if number == 1 else "nny"))
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text(attack), {"n": ballot})
        marked = "select coalesce(sum(weight), 0) from ballot_roll where ballot_id = :n and state <> 0"
        tx._connection.execute(sa.text(f'update ballot set "cast" = ({marked}) where id = :n'), {"n": ballot})
    hall.advance(START + timedelta(days=1, seconds=1))
    with hall.desk.store.read() as tx:
        assert tx.ballot_results.find(ballot_id=ballot) is None
        (found,) = [i for i in tx.incidents.list_open() if i.case_id == case_id]
    assert re.search("open_paper|记名票不符|ballot_roll", found.what["zh"])


def test_a_repeated_count_sees_that_the_roll_was_changed(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    assert repeat_count(hall.desk, hall.supervisor, ballot).roll
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text("update ballot_roll set state = 0 where number = 1"))
    assert not repeat_count(hall.desk, hall.supervisor, ballot).roll


def test_the_office_closes_a_ballot_early_with_a_reason(hall: Hall) -> None:
    case_id, ballot = hall.open()
    for number in range(1, 8):
        hall.cast(ballot, number, paper("yyn"))
    with pytest.raises(Invalid):
        close_ballot(hall.desk, hall.office, ballot, "")
    with pytest.raises(NotAllowed):
        close_ballot(hall.desk, hall.members[0], ballot, "提前")
    close_ballot(hall.desk, hall.office, ballot, "其余成员请假")
    with pytest.raises(Conflict):
        hall.cast(ballot, 8, paper("yyn"))
    hall.drain()
    assert hall.outcome(ballot)["cast"] == 7
    with hall.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None


def in_step(hall: Hall, case_id: int, act):
    """Do what a service task would, in a step of its own."""
    with hall.desk.store.write() as tx:
        step = open_step(hall.desk, tx, case_id, SYSTEM)
        done = act(step)
        save_step(step)
    hall.drain()
    return done


def test_the_chair_decides_a_tie_where_the_rule_says_so(hall: Hall) -> None:
    case_id, ballot = hall.open(CANDIDATES[:2], places=1, tie="chair_decides")
    hall.everybody(ballot, [paper("yy")] * 6 + [paper("nn")] * 3)
    counted = in_step(hall, case_id, lambda step: count_ballot(step, ballot, []))
    assert (counted["chair"], sorted(counted["tied"]), counted["again"], counted["elected"]) == (
        True,
        ["c1", "c2"],
        False,
        [],
    )
    with pytest.raises(Invalid, match="至多1个"):
        in_step(hall, case_id, lambda step: decide_tie(step, ballot, ["c1", "c2"]))
    decided = in_step(hall, case_id, lambda step: decide_tie(step, ballot, ["c2"]))
    assert [e["candidate"] for e in decided["elected"]] == ["c2"]
    assert (decided["chair"], decided["again"], decided["next_tier"]) == (False, True, True)
    with pytest.raises(Conflict):
        in_step(hall, case_id, lambda step: decide_tie(step, ballot, ["c1"]))
    with hall.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None


def test_whoever_withdrew_is_neither_chosen_by_the_chair_nor_on_the_next_paper(hall: Hall) -> None:
    case_id, ballot = hall.open(CANDIDATES, places=1, tie="chair_decides")
    hall.everybody(ballot, [paper("yyy")] * 6 + [paper("nnn")] * 3)
    counted = in_step(hall, case_id, lambda step: count_ballot(step, ballot, []))
    assert (sorted(counted["tied"]), counted["chair_places"]) == (["c1", "c2", "c3"], 1)
    with pytest.raises(Invalid, match="得票相同的2个组织"):
        in_step(hall, case_id, lambda step: decide_tie(step, ballot, ["c3"], ["c3"]))
    decided = in_step(hall, case_id, lambda step: decide_tie(step, ballot, ["c1"], ["c3"]))
    assert ([e["candidate"] for e in decided["elected"]], decided["chair_places"]) == (["c1"], 0)
    assert [c.candidates for c in next_agenda(hall.ballot(ballot)).contests] == [("c2",)]


def test_a_void_ballot_is_never_read(hall: Hall) -> None:
    case_id, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    box = hall.ballot(ballot).box
    in_step(hall, case_id, lambda step: cancel_ballot(step, ballot, "名单有误"))
    assert (hall.ballot(ballot).state, hall.ballot(ballot).urn) == ("void", None)
    assert not (hall.desk.ballot_keys.root / box).exists()
    with pytest.raises(Conflict):
        hall.cast(ballot, 2, paper("yyn"))
    with pytest.raises(Conflict, match="作废"):
        in_step(hall, case_id, lambda step: count_ballot(step, ballot, []))
    with hall.desk.store.read() as tx:
        assert tx.tasks.open_of_case(case_id) == []


def test_who_withdrew_while_the_ballot_was_open_is_not_elected(hall: Hall) -> None:
    case_id, ballot = hall.open()
    hall.everybody(ballot, CLEAR)
    counted = in_step(hall, case_id, lambda step: count_ballot(step, ballot, ["c1"]))
    assert [e["candidate"] for e in counted["elected"]] == ["c2"]
    assert repeat_count(hall.desk, hall.supervisor, ballot).same


def test_units_vote_as_units_once_whoever_acts_for_them(hall: Hall) -> None:
    _, ballot = hall.open(units=True, weight=2)
    assert (hall.ballot(ballot).units, hall.ballot(ballot).issued) == (True, 2 * len(UNITS))
    cast_vote(hall.desk, hall.units[0], ballot, paper("yyn"))
    colleague = replace(hall.units[0], person_id=hall.stranger.person_id, name="同事")
    with pytest.raises(AlreadyVoted):
        cast_vote(hall.desk, colleague, ballot, paper("nny"))
    lent = tuple(replace(seat, lender_id=hall.units[1].person_id, lender="王") for seat in hall.units[1].seats)
    with pytest.raises(NotAllowed, match="不能委托代理"):
        cast_vote(hall.desk, replace(colleague, seats=lent), ballot, paper("nny"))
    for unit in hall.units[1:]:
        cast_vote(hall.desk, unit, ballot, paper("yn-"))
    hall.drain()
    lines = {
        line["candidate"]: (line["yes"], line["no"], line["abstain"], line["base"])
        for line in hall.outcome(ballot)["lines"]
    }
    assert lines == {"c1": (6, 0, 0, 6), "c2": (2, 4, 0, 6), "c3": (0, 2, 4, 6)}


def test_an_open_ballot_is_published_by_name(hall: Hall) -> None:
    _, ballot = hall.open(open=True)
    assert hall.ballot(ballot).urn is None
    hall.everybody(ballot, CLEAR)
    assert view_ballot(hall.desk, hall.supervisor, ballot).by_name == ()
    hall.drain()
    shown = dict(view_ballot(hall.desk, hall.supervisor, ballot).by_name)
    assert shown["member1"] == {"quality:c1": "yes", "quality:c2": "yes", "quality:c3": "no"}
    assert hall.elected(ballot) == {("quality", "c1"), ("quality", "c2")}


def test_a_vote_by_name_stands_in_the_log_and_a_secret_one_nowhere(hall: Hall) -> None:
    def logged() -> list[str]:
        with hall.desk.store.read() as tx:
            return [str(event) for event in tx.log.events(hall.desk.ballot_keys.secret(SECRET))]

    _, by_name = hall.open(open=True)
    before = logged()
    hall.cast(by_name, 1, paper("yyn"))
    assert "ballot_roll" in "".join(event for event in logged() if event not in before)
    _, secret = hall.open()
    before = logged()
    hall.cast(secret, 1, paper("yyn"))
    assert logged() == before, "neither the vote nor that somebody voted"
    with hall.desk.store.read() as tx:
        assert [member.open_paper for member in tx.rolls.select(ballot_id=secret)] == [None] * 9
        assert (tx.rolls.select(ballot_id=by_name)[0].open_paper or {})["quality:c1"] == "yes"


def test_a_vote_never_reaches_the_case_its_history_or_its_work(hall: Hall) -> None:
    case_id, ballot = hall.open(CANDIDATES[:1])
    hall.everybody(ballot, [paper("y")] * 5 + [paper("n")] * 4)
    with hall.desk.store.read() as tx:
        events = tx.history.newest(case_id)
        work = tx.work.of_case(case_id)
    assert [e.action for e in events if e.action == "ballot"] == ["ballot"]  # the opening, no vote
    vote = re.compile(r"""["']yes["']""")  # a salt may hold these three letters by chance
    assert not [e for e in events if vote.search(str(e))]
    assert not [w for w in work if vote.search(str(w)) or "member" in str(w.payload)]


def test_everybody_may_vote_at_the_same_moment(hall: Hall) -> None:
    _, ballot = hall.open()
    with ThreadPoolExecutor(9) as pool:
        receipts = list(pool.map(lambda n: hall.cast(ballot, n, CLEAR[n - 1]), range(1, 10)))
    assert len(set(receipts)) == 9
    assert len(key_files(hall)) == 2
    hall.drain()
    lines = {line["candidate"]: (line["yes"], line["no"], line["abstain"]) for line in hall.outcome(ballot)["lines"]}
    assert lines == {"c1": (6, 3, 0), "c2": (6, 3, 0), "c3": (0, 6, 3)}


def test_one_member_voting_twice_at_the_same_moment_is_counted_once(hall: Hall) -> None:
    _, ballot = hall.open()

    def try_to_vote(_: int) -> bool:
        try:
            hall.cast(ballot, 1, paper("yyn"))
        except AlreadyVoted:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_to_vote, range(6))) == 1
    assert hall.ballot(ballot).cast == 1
    assert len(key_files(hall)) == 2


def test_members_are_told_of_each_ballot_once_and_why_another_follows(hall: Hall) -> None:
    case_id, ballot = hall.open(places=1)
    hall.everybody(ballot, [paper("yyn")] * 6 + [paper("nnn")] * 3)
    hall.drain()
    again = hall.ballots(case_id)[-1]
    with hall.desk.store.read() as tx:
        rows = tx.mail.select(case_id=case_id)
    first, second, counted = (
        [row for row in rows if row.effect_key.startswith(f"news:{case_id}:{key}:")]
        for key in (f"arrived:ballot:{ballot}", f"arrived:ballot:{again.id}", f"ballot:{ballot}")
    )
    everybody = {m.person_id for m in hall.members}
    office = {hall.people["teller1"], hall.people["teller2"]}
    for messages, people in ((first, everybody), (second, everybody), (counted, everybody | office)):
        assert (len(messages), {row.person_id for row in messages}) == (len(people), people)
    assert "得票相同" in second[0].text
    assert f"/ballots/{again.id}" in second[0].text
    assert "没有当选的" in counted[0].text
    assert "还须再次表决" in counted[0].text
    view = view_ballot(hall.desk, hall.members[0], again.id)
    assert view.before is not None
    assert (view.before[0], "得票相同" in view.before[1].zh) == (ballot, True)
