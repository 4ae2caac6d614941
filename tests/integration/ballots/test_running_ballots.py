"""Running ballots are compared when nobody votes, too: every day, by hand and by the doctor, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM, Actor
from service.casework.ballots.box import BallotClosed, is_stopped
from service.casework.ballots.close_ballot import close_ballot
from service.casework.cases.suspend import suspend_case
from service.casework.soundness.daily import ask_verification, newest_report
from service.casework.soundness.marks import ask_marks, view_marks
from service.casework.soundness.prove import prove
from service.casework.soundness.running_ballots import compare_ballots
from service.cli.audit import audit
from service.cli.tools import Tools
from service.domain.calendar import local_date
from service.domain.proof.row_mark import MarkMatter
from service.jobs.put_together import sweepers
from service.store.rows import BallotRow
from service.store.rows.ballots import ballot as ballot_rows
from tests.support.ballots import Hall, paper
from tests.support.first_start import first_start


def executed(hall: Hall, sql: str, **values: object) -> None:
    """Do what somebody does who has the database alone."""
    with hall.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(sql), values).rowcount >= 1


def written(hall: Hall, number: int, **columns: object) -> None:
    """Write columns of a ballot as somebody does who has the database alone."""
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.update(ballot_rows).where(ballot_rows.c.id == number).values(columns))


def voted(hall: Hall, marks: str = "yyn", count: int = 3, **agenda: object) -> int:
    """Open a ballot and let ``count`` members vote."""
    _, ballot = hall.open(**agenda)
    for number in range(1, count + 1):
        hall.cast(ballot, number, paper(marks))
    return ballot


def proved(hall: Hall) -> list[str]:
    """Return what `laurel doctor --deep` says of running ballots."""
    (part,) = (one for one in prove(hall.desk, SYSTEM) if one.name == "ballots")
    return [one.found.en for one in part.faults]


def verified(hall: Hall) -> tuple[int, str]:
    """Run `laurel audit verify`."""
    done = CliRunner().invoke(audit, ["verify"], obj=cast(Tools, SimpleNamespace(desk=lambda: hall.desk)))
    return done.exit_code, done.output


def a_day_on(hall: Hall) -> list[str]:
    """Let the day's comparison come to its end and return what it entered in the book."""
    ask_verification(hall.desk, SYSTEM)
    inside, _ = sweepers(hall.desk)
    report = None
    for ahead in range(60):
        inside.drain(hall.clock.now() + timedelta(minutes=10, seconds=ahead))
        with hall.desk.store.read() as tx:
            report = newest_report(tx)
        if report is not None and report.data["after"]["day"] == local_date(hall.clock.now()).isoformat():
            break
    assert report is not None
    return [one["en"] for one in report.data["after"]["wrong"]]


def incidents(hall: Hall) -> list[tuple[str, str]]:
    with hall.desk.store.read() as tx:
        return [(one.kind, one.what["zh"]) for one in tx.incidents.list_open()]


def test_ballots_that_agree_are_passed_in_whatever_state_they_are(hall: Hall) -> None:
    voted(hall)
    voted(hall, open=True)
    voted(hall, count=0)
    closed = voted(hall, count=2)
    close_ballot(hall.desk, hall.office, closed, "会议提前结束")
    suspended = voted(hall, count=1)
    admin = Actor(
        hall.office.person_id,
        "管理员",
        tuple(replace(s, role="administrator", jurisdiction="*") for s in hall.office.seats),
    )
    suspend_case(hall.desk, admin, hall.ballot(suspended).case_id, "核查")
    first_start(hall.desk)
    found = compare_ballots(hall.desk)
    assert (found.looked_at, found.marks, found.not_compared) == (5, [], [])
    assert proved(hall) == []
    assert verified(hall)[0] == 0
    assert a_day_on(hall) == []


CHANGES = {
    "a mark taken off": "update ballot_roll set state = 0 where ballot_id = :n and number = 1",
    "a mark added": "update ballot_roll set state = 1 where ballot_id = :n and number = 9",
    "a mark moved": "update ballot_roll set state = 1 - state where ballot_id = :n and number in (1, 9)",
    "a vote taken back with its count": "update ballot_roll set state = 0 where ballot_id = :n and number = 1;"
    'update ballot set "cast" = "cast" - 1 where id = :n',
    "another count of papers": 'update ballot set "cast" = 9 where id = :n',
    "the urn of another ballot": "update ballot set urn = (select urn from ballot where id <> :n) where id = :n",
}
SAID = {
    "a mark taken off": "the box holds 3 papers for 2 marks on the roll",
    "a mark added": "the box holds 3 papers for 4 marks on the roll",
    "another count of papers": "the box holds 9 papers for 3 marks on the roll",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changes_in_a_running_ballot_is_found_before_anybody_votes_again(hall: Hall, change: str) -> None:
    sound, ballot = voted(hall), voted(hall)
    first_start(hall.desk)
    for statement in CHANGES[change].split(";"):
        executed(hall, statement, n=ballot)
    (said,) = proved(hall)
    case = hall.ballot(ballot).case_id
    assert said.startswith(f"ballot {ballot} (case {case}): ")
    assert SAID.get(change, "The box cannot be opened") in said
    assert "made void and called anew" in said
    code, output = verified(hall)
    assert (code, f"表决{ballot}（办件{case}）" in output, f"表决{sound}（" in output) == (1, True, False)
    assert "由系统管理员在办件的“干预”中将该次表决作废并重新发起" in output
    assert not is_stopped(hall.ballot(ballot)), "who looks by hand changes nothing"
    assert incidents(hall) == []

    told = [one for one in a_day_on(hall) if one.startswith(f"ballot {ballot} ")]
    assert len(told) == 1
    assert is_stopped(hall.ballot(ballot))
    ((kind, what),) = incidents(hall)
    assert (kind, "已停止" in what, "选票没有投出" in what) == ("ballot", True, False)
    with pytest.raises(BallotClosed, match="已经停止"):
        hall.cast(ballot, 5, paper("yyn"))
    hall.cast(sound, 5, paper("yyn"))
    hall.clock.move_to(hall.clock.now() + timedelta(days=1))
    assert [one for one in a_day_on(hall) if one.startswith(f"ballot {ballot} ")] == told
    assert [kind for kind, _ in incidents(hall)].count("ballot") == 1, "it is told on, and stopped once"


def test_the_security_administrator_reads_it_on_the_page_of_marks(hall: Hall) -> None:
    ballot = voted(hall)
    first_start(hall.desk)
    executed(hall, CHANGES["a mark taken off"], n=ballot)
    seats = tuple(replace(seat, role="security_administrator", jurisdiction="*") for seat in hall.office.seats)
    security = Actor(hall.office.person_id, "安全管理员", seats)
    ask_marks(hall.desk, security)
    hall.advance(hall.clock.now() + timedelta(minutes=1))
    (kept,) = view_marks(hall.desk, security).rows
    assert (kept.mark.table, kept.mark.row, kept.mark.matter) == ("ballot", f"{ballot}", MarkMatter.DISAGREES)
    assert kept.mark.zh.endswith("票箱与名册不符：名册标记2票，票箱内3票")


def test_a_ballot_by_name_is_compared_paper_by_paper(hall: Hall) -> None:
    ballot = voted(hall, open=True)
    first_start(hall.desk)
    executed(hall, "update ballot_roll set state = 1 - state where ballot_id = :n and number in (1, 9)", n=ballot)
    (said,) = proved(hall)
    assert "the mark of place 1 on the roll and its paper by name do not agree" in said
    a_day_on(hall)
    assert is_stopped(hall.ballot(ballot))


def test_a_ballot_whose_rows_were_changed_goes_on_once_they_are_put_back(hall: Hall) -> None:
    ballot = voted(hall)
    first_start(hall.desk)
    rules, key = hall.ballot(ballot).rules, hall.ballot(ballot).public_key
    for changes in ({"rules": {**rules, "vote_threshold": "plurality"}}, {"rules": {}}, {"public_key": "ab" * 32}):
        written(hall, ballot, **changes)
        assert any(said.startswith(f"ballot {ballot} ") for said in a_day_on(hall))
        assert not is_stopped(hall.ballot(ballot))
        written(hall, ballot, rules=rules, public_key=key)
        hall.clock.move_to(hall.clock.now() + timedelta(days=1))
    assert proved(hall) == []


def test_an_urn_whose_key_is_gone_is_named(hall: Hall) -> None:
    ballot = voted(hall)
    first_start(hall.desk)
    hall.desk.ballot_keys.destroy(hall.ballot(ballot).box)
    (said,) = proved(hall)
    assert "The ballot's key is missing" in said
    a_day_on(hall)
    assert not is_stopped(hall.ballot(ballot)), "the folder of keys may come back"


def test_an_urn_and_a_roll_put_back_together_do_not_open(hall: Hall) -> None:
    ballot = voted(hall, count=2)
    first_start(hall.desk)
    row = hall.ballot(ballot)
    hall.cast(ballot, 3, paper("yyn"))
    with hall.desk.store.write() as tx:
        tx.ballots.update(ballot, urn=row.urn, key_name=row.key_name, old_key=row.old_key, cast=row.cast)
        tx._connection.execute(sa.text("update ballot_roll set state = 0 where number = 3"))
    (said,) = proved(hall)
    assert "The ballot's key is missing" in said


@pytest.mark.parametrize("change", ["a mark taken off", "a mark moved"])
def test_what_is_told_says_nothing_of_the_papers_or_of_whom_they_are(hall: Hall, change: str) -> None:
    """Whatever was voted and by whom, the same words are said."""
    told = []
    for marks in ("yyn", "nny"):
        ballot = voted(hall, marks)
        executed(hall, CHANGES[change], n=ballot)
        case = hall.ballot(ballot).case_id
        (mark,) = (one for one in compare_ballots(hall.desk).marks if one.row == f"{ballot}")
        told.append(
            [
                one.replace(f"{ballot}（办件{case}）", "").replace(f"{ballot} (case {case})", "")
                for one in (mark.zh, mark.en)
            ]
        )
        assert not any(member.name in said for member in hall.members for said in (mark.zh, mark.en))
    assert told[0] == told[1]


def stored(row: BallotRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("urn", "key_name", "old_key", "cast")}
