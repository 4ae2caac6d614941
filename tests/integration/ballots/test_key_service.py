"""The urns' keys held by a service of its own: what it does, when, and whom it answers."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.ballots.cast_vote import AlreadyVoted
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.enter_hall_vote import TellersDiffer, enter_hall_vote
from service.casework.ballots.view_ballot import view_ballot
from service.casework.due.run_item import ASKED_AGAIN
from service.casework.health.checks import look_quietly
from service.casework.health.finding import Level
from service.cli.keys import keys
from service.domain.ballots import BoxMismatch, HallSheet, UrnDamaged
from service.keys.certificates import AUTHORITY
from service.keys.client import UrnsElsewhere
from service.keys.errors import KeyServiceAway, KeyServiceRefused, NotReleased
from service.keys.service import KeyService
from service.store import KeyLost
from tests.integration.ballots.test_pages import marks
from tests.support.ballots import START, Hall, paper
from tests.support.browsers import Browser, make_app
from tests.support.key_service import YES, Kept, StandStill, asking, certificates, kept_apart, listening
from tests.support.waiting import until


def acts(service: KeyService) -> list[str]:
    return [entry["act"] for entry in service.book.entries()]


def test_a_ballot_is_cast_and_counted_by_keys_that_only_the_service_has(hall: Hall, tmp_path: Path) -> None:
    folder, service = certificates(tmp_path / "pem"), KeyService(tmp_path / "service", hall.clock.now)
    with listening(service, folder) as elsewhere:
        hall.desk = replace(hall.desk, key_service=elsewhere)
        _, ballot = hall.open()
        for number in range(1, 8):
            receipt = hall.cast(ballot, number, paper("yyn" if number < 6 else "nn-"))
        sheet = HallSheet((8, 9), 0, {f"quality:c{n}": (2, 0, 0) for n in (1, 2, 3)})
        assert enter_hall_vote(hall.desk, hall.tellers[0], ballot, sheet) is False
        with pytest.raises(TellersDiffer):
            enter_hall_vote(
                hall.desk,
                hall.tellers[1],
                ballot,
                replace(sheet, spoiled=1, marks=dict.fromkeys(sheet.marks, (1, 0, 0))),
            )
        assert enter_hall_vote(hall.desk, hall.tellers[1], ballot, sheet)
        box = hall.ballot(ballot).box
        assert not list((tmp_path / "keys").glob(box))  # nothing of it lies with the program
        assert len(list((tmp_path / "service/keys" / box).iterdir())) == 2  # receipts, and the urn as it is now
        assert hall.desk.key_service is elsewhere
        again = view_ballot(hall.desk, hall.members[6], ballot).receipt
        assert again is not None
        assert again.text == receipt.text
        hall.drain()
    assert hall.elected(ballot) == {("quality", "c1"), ("quality", "c2")}
    assert not (tmp_path / "service/keys" / box).exists()
    of_it = [entry["act"] for entry in service.book.entries() if entry["box"] == box]
    assert of_it == ["make", "open", "destroy"]
    assert service.book.first_broken() is None


def test_an_early_close_is_counted_once_supervision_says_so_at_the_service(lone_hall: Hall, tmp_path: Path) -> None:
    service = kept_apart(lone_hall, tmp_path / "service")
    _, ballot = lone_hall.open()
    for number in range(1, 8):
        lone_hall.cast(ballot, number, paper("yyn"))
    close_ballot(lone_hall.desk, lone_hall.office, ballot, "会议提前结束")
    lone_hall.drain()
    box = lone_hall.ballot(ballot).box
    assert (lone_hall.ballot(ballot).state, lone_hall.case(lone_hall.ballot(ballot).case_id).status) == (
        "closed",
        "running",
    )
    told = CliRunner().invoke(keys, ["close", box, "--reason", "已核对会议记录", "--folder", str(tmp_path / "service")])
    assert told.exit_code == 0, told.output
    lone_hall.advance(START + ASKED_AGAIN)
    assert lone_hall.outcome(ballot)["cast"] == 7
    assert "close" in acts(service)


def test_while_the_service_is_away_nothing_is_cast_and_afterwards_all_goes_on(lone_hall: Hall, tmp_path: Path) -> None:
    folder, service = certificates(tmp_path / "pem"), KeyService(tmp_path / "service", lone_hall.clock.now)
    with listening(service, folder) as elsewhere:
        lone_hall.desk = replace(lone_hall.desk, key_service=elsewhere)
        _, ballot = lone_hall.open()
        lone_hall.cast(ballot, 1, paper("yyn"))
    with pytest.raises(KeyServiceAway, match="LAUREL_KEYS_URL"):
        lone_hall.cast(ballot, 2, paper("yyn"))
    assert lone_hall.ballot(ballot).cast == 1
    found = {each.name: each.level for each in look_quietly(lone_hall.desk, SYSTEM)}
    assert found["key-service"] is Level.FAULT
    lone_hall.advance(START + timedelta(days=1, seconds=1))
    assert lone_hall.ballot(ballot).state == "open"  # nothing is lost: it is asked again
    with listening(service, folder) as back:
        lone_hall.desk = replace(lone_hall.desk, key_service=back)
        lone_hall.advance(lone_hall.clock.now() + ASKED_AGAIN)
        assert lone_hall.outcome(ballot)["cast"] == 1


def test_a_service_that_stands_still_holds_no_voter_up_and_a_second_try_counts_once(
    lone_hall: Hall, tmp_path: Path
) -> None:
    folder, service = certificates(tmp_path / "pem"), KeyService(tmp_path / "service", lone_hall.clock.now)
    with listening(service, folder) as elsewhere:
        line = StandStill(elsewhere._port)
        lone_hall.desk = replace(lone_hall.desk, key_service=asking(line.port, folder))
        _, ballot = lone_hall.open()
        lone_hall.cast(ballot, 1, paper("yyn"))
        line.stopped.set()
        taken = line.taken
        for _ in range(2):
            with pytest.raises(KeyServiceAway, match=r"您的票没有投出.*可以稍后再次提交"):
                lone_hall.cast(ballot, 2, paper("yyn"))
        assert line.taken == taken, "the second voter does not wait for what the first found out: nobody is asked"
        assert lone_hall.ballot(ballot).cast == 1
        found = {each.name: each.level for each in look_quietly(lone_hall.desk, SYSTEM)}
        assert found["key-service"] is Level.FAULT
        line.stopped.clear()
        lone_hall.desk = replace(lone_hall.desk, key_service=asking(line.port, folder))
        lone_hall.cast(ballot, 2, paper("yyn"))
        with pytest.raises(AlreadyVoted):
            lone_hall.cast(ballot, 2, paper("yyn"))
        assert lone_hall.ballot(ballot).cast == 2
        line.close()


def test_the_page_keeps_what_was_marked_while_the_service_stands_still(lone_hall: Hall, tmp_path: Path) -> None:
    folder, service = certificates(tmp_path / "pem"), KeyService(tmp_path / "service", lone_hall.clock.now)
    with listening(service, folder) as elsewhere:
        line = StandStill(elsewhere._port)
        lone_hall.desk = replace(lone_hall.desk, key_service=asking(line.port, folder))
        _, ballot = lone_hall.open()
        member, page = Browser(make_app(lone_hall), lone_hall, "member1"), f"/ballots/{ballot}"  # type: ignore[arg-type]
        marked = {**marks(paper("yyn")), "do": "cast"}
        line.stopped.set()
        answer = member.post(page, marked)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "您的票没有投出" in answer.text
        assert answer.text.count(" checked") == 3, "one for each candidate, as it was marked"
        line.stopped.clear()
        lone_hall.desk = replace(lone_hall.desk, key_service=asking(line.port, folder))
        member = Browser(make_app(lone_hall), lone_hall, "member1")  # type: ignore[arg-type]
        assert member.post(page, marked).status_code == 303
        assert lone_hall.ballot(ballot).cast == 1
        line.close()


def test_after_a_pause_one_call_tries_a_service_that_stood_still(tmp_path: Path) -> None:
    folder = certificates(tmp_path / "pem")
    with listening(KeyService(tmp_path / "service"), folder) as elsewhere:
        line = StandStill(elsewhere._port)
        asked = asking(line.port, folder, seconds=2.0, pause=2.0)
        assert asked.missing([]) == set()
        line.stopped.set()
        with pytest.raises(KeyServiceAway):
            asked.missing([])
        line.stopped.clear()
        with pytest.raises(KeyServiceAway):
            asked.missing([])
        until(lambda: _answers(asked))
        line.close()


def _answers(asked: UrnsElsewhere) -> bool:
    try:
        return asked.missing([]) == set()
    except KeyServiceAway:
        return False


def test_supervision_reads_who_holds_the_keys_and_the_doctor_says_what_root_can_do(
    lone_hall: Hall, tmp_path: Path
) -> None:
    _, ballot = lone_hall.open()
    embedded = view_ballot(lone_hall.desk, lone_hall.supervisor, ballot).keys
    assert embedded is not None
    assert "root" in embedded.en
    assert view_ballot(lone_hall.desk, lone_hall.members[0], ballot).keys is None
    assert embedded in [each.found for each in look_quietly(lone_hall.desk, SYSTEM)]
    kept_apart(lone_hall, tmp_path / "service")
    elsewhere = view_ballot(lone_hall.desk, lone_hall.supervisor, ballot).keys
    assert elsewhere is not None
    assert "laurel keys book" in elsewhere.zh
    lacking = {each.name: each.level for each in look_quietly(lone_hall.desk, SYSTEM)}
    assert lacking["key-service"] is Level.FAULT  # it was opened before the service was there


def test_only_who_shows_a_certificate_of_the_authority_is_answered(tmp_path: Path) -> None:
    ours, others = certificates(tmp_path / "ours"), certificates(tmp_path / "others")
    with listening(KeyService(tmp_path / "service"), ours) as elsewhere:
        assert elsewhere.missing([]) == set()
        port = elsewhere._port
        for stranger in (asking(port, others, trusted=ours), asking(port, ours, trusted=others)):
            with pytest.raises(KeyServiceAway):
                stranger.missing([])
        bare = http.client.HTTPSConnection(
            "127.0.0.1", port, context=ssl.create_default_context(cafile=ours / AUTHORITY), timeout=60
        )
        bare.request("POST", "/missing", b'{"keys": []}')
        assert bare.getresponse().status == 403


def test_a_failure_is_in_the_log_without_what_was_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ours, kept = certificates(tmp_path / "ours"), Kept(tmp_path)
    (root,) = tmp_path.rglob("ballots")
    root.rename(tmp_path / "moved away")
    root.write_text("no folder")
    with listening(kept.service, ours) as elsewhere, pytest.raises(KeyServiceRefused, match="密钥服务出错"):
        elsewhere.make(kept.new)
    assert "/make failed: NotADirectoryError" in caplog.text
    assert "votetown" not in caplog.text
    assert "表决" not in caplog.text


def test_what_the_state_does_not_allow_is_refused_and_entered(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    empty, one = kept.cast(), None
    with pytest.raises(NotReleased, match="还没有截止"):
        kept.service.empty(kept.urn)
    one = kept.cast()
    with pytest.raises(KeyLost):  # a program that keeps older versions finds no key for them
        kept.service.cast(empty, kept.service.prepare("b0").name, YES, 0, "")
    with pytest.raises(BoxMismatch):
        kept.service.cast(kept.urn, kept.service.prepare("b0").name, YES, 7, "")
    with pytest.raises(NotReleased, match="已经有过"):
        kept.service.make(kept.new)
    kept.now += timedelta(hours=1)
    with pytest.raises(NotReleased, match="已经截止"):
        kept.cast()
    assert kept.service.empty(kept.urn).cast == 2
    assert kept.service.empty(kept.urn).cast == 2  # a count that was rolled back is done again
    with pytest.raises(NotReleased, match="另一个"):
        kept.service.empty(one)
    kept.service.destroy("b0")
    kept.service.destroy("b0")
    for refused in (lambda: kept.service.empty(kept.urn), lambda: kept.service.receipts("b0", [1])):
        with pytest.raises(NotReleased, match="已经销毁"):
            refused()
    with pytest.raises(NotReleased, match="不认识"):
        kept.service.prepare("b1")
    assert acts(kept.service) == [
        "make", "refused", "refused", "refused", "open", "open", "refused", "destroy", "refused", "refused",
    ]  # fmt: skip


def test_the_urn_opens_before_its_time_when_every_paper_is_in_and_a_later_close_keeps_it_shut(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "all", None)
    for _ in range(3):
        kept.cast()
    assert kept.service.empty(kept.urn).cast == 3
    later = Kept(tmp_path / "later")
    later.urn = replace(later.urn, closes_at=START + timedelta(hours=2))
    later.cast()
    later.now += timedelta(hours=1)
    with pytest.raises(NotReleased, match="还没有截止"):
        later.service.empty(later.urn)
    sooner = replace(later.urn, closes_at=START)  # an earlier close is not the program's to say
    with pytest.raises(NotReleased, match="还没有截止"):
        later.service.empty(sooner)


def test_an_urn_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.now += timedelta(hours=1)
    with pytest.raises(UrnDamaged):
        kept.service.empty(replace(kept.urn, content=kept.urn.content[:-1] + b"\0"))
    assert kept.service.empty(kept.urn).cast == 0  # and the true one still is


def test_a_changed_entry_of_the_book_is_found(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.service.destroy("b0")
    runner, folder = CliRunner(), ["--folder", str(tmp_path)]
    assert runner.invoke(keys, ["book", *folder]).exit_code == 0
    assert "destroyed" in runner.invoke(keys, ["list", *folder]).output
    book = tmp_path / "book.jsonl"
    book.write_text(book.read_text("utf-8").replace("表决", "表缺"), "utf-8")
    told = runner.invoke(keys, ["book", *folder])
    assert told.exit_code == 1
    assert "✗ 第 1 条" in told.output


def test_certificates_are_made_once(tmp_path: Path) -> None:
    made = CliRunner().invoke(keys, ["certificates", str(tmp_path), "--host", "keys.example"])
    assert made.exit_code == 0, made.output
    assert {file.name for file in tmp_path.iterdir()} == {"authority.pem", "service.pem", "program.pem"}
    assert (tmp_path / "program.pem").stat().st_mode & 0o777 == 0o600
    assert CliRunner().invoke(keys, ["certificates", str(tmp_path)]).exit_code == 2


def test_a_torn_last_line_of_the_book_is_removed_and_said(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    book = tmp_path / "book.jsonl"
    with book.open("ab") as file:
        file.write(b'{"act": "open", "box": "\xe8')
    kept.service.destroy("b0")
    assert acts(kept.service) == ["make", "torn line removed", "destroy"]
    assert (kept.service.book.first_broken(), kept.service.book.head()[0]) == (None, 3)


def test_commands_make_no_folder_and_leave_none_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("list", "book"):
        told = CliRunner().invoke(keys, [word, "--folder", str(tmp_path / "none")])
        assert (told.exit_code, "laurel keys serve" in told.output) == (2, True)
    assert not (tmp_path / "none").exists()
    Kept(tmp_path / "theirs")
    monkeypatch.setattr("os.geteuid", lambda: (tmp_path / "theirs").stat().st_uid + 1)
    for words in (["list"], ["book"], ["close", "b0", "--reason", "r"], ["holder", "list", "p"]):
        told = CliRunner().invoke(keys, [*words, "--folder", str(tmp_path / "theirs")])
        assert (told.exit_code, "sudo -u" in told.output) == (2, True)


def test_the_service_says_why_it_cannot_listen(tmp_path: Path) -> None:
    pem = certificates(tmp_path / "pem")
    (tmp_path / "bad.pem").write_text("nothing")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for host, certificate, said in (
            ("127.0.0.1", pem / "service.pem", "--port"),
            ("192.0.2.7", pem / "service.pem", "--host"),
            ("127.0.0.1", tmp_path / "bad.pem", "bad.pem"),
        ):
            words = ["--host", host, "--port", port, "--certificate", str(certificate)]
            words += ["--authority", str(pem / AUTHORITY), "--folder", str(tmp_path / "kept")]
            told = CliRunner().invoke(keys, ["serve", *words])
            assert (told.exit_code, said in told.output) == (2, True), told.output
