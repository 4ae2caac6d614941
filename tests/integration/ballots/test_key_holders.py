"""An urn that nobody opens alone: two of three holders give their shares, on a page of the key service."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from service.casework.ballots.view_ballot import view_ballot
from service.casework.due.run_item import ASKED_AGAIN
from service.cli.keys import keys
from service.domain.ballots import Mark, Papers, UrnDamaged, cells_of, empty_out
from service.domain.errors import Invalid
from service.keys.certificates import AUTHORITY
from service.keys.errors import NotReleased
from service.keys.giving import PAUSE, TO_OPEN, TO_RESHARE
from service.keys.holders import WrongPassphrase
from service.keys.service import KeyService
from tests.support.ballots import START, Hall, paper
from tests.support.key_service import ONE, SHAPE, Kept, certificates, listening, name_holders, passphrase

THREE = ("甲", "乙", "丙")


def give(kept: Kept, name: str, purpose: str = TO_OPEN) -> str:
    return kept.service.give("b0", name, passphrase(name), purpose).en


def test_two_of_three_open_what_root_of_the_service_cannot(tmp_path: Path) -> None:
    kept = Kept(tmp_path, holders=THREE)
    kept.cast()
    shape = replace(SHAPE, papers_key=kept.service.ballots.get("b0").papers_key)
    outer = (tmp_path / "keys/b0" / kept.urn.key_name).read_bytes()  # what root of the service has
    with pytest.raises(UrnDamaged):
        empty_out(kept.urn.content, shape, outer, Random(2).randbytes(32))
    with pytest.raises(NotReleased, match="还没有截止"):
        give(kept, "甲")
    kept.now += timedelta(hours=1)
    with pytest.raises(NotReleased, match="3名密钥保管人（甲、乙、丙）中的2名"):
        kept.service.empty(kept.urn)
    assert "further" in give(kept, "甲")
    assert "further" in give(kept, "甲")  # the same share twice is one
    with pytest.raises(NotReleased, match="已交：甲"):
        kept.service.empty(kept.urn)
    again = KeyService(tmp_path, lambda: kept.now)  # what was given lies nowhere: after a restart it is given anew
    with pytest.raises(NotReleased, match="已交：无"):
        again.empty(kept.urn)
    assert "count follows" in give(kept, "丙")
    assert kept.service.empty(kept.urn) == Papers(1, 0, {ONE: (Mark.YES,)})
    kept.service.destroy("b0")
    assert not list((tmp_path / "shares").iterdir())
    assert [e["act"] for e in kept.service.book.entries() if e["act"] in ("give", "open", "destroy")] == [
        "give", "give", "give", "open", "destroy",
    ]  # fmt: skip


def test_a_wrong_passphrase_gives_nothing_and_after_five_there_is_a_pause(tmp_path: Path) -> None:
    kept = Kept(tmp_path, holders=THREE)
    kept.now += timedelta(hours=1)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            kept.service.give("b0", "甲", passphrase("乙"), TO_OPEN)
    with pytest.raises(Invalid, match="五分钟"):
        give(kept, "甲")
    with pytest.raises(NotReleased, match="不是这里的密钥保管人"):
        give(kept, "丁")
    kept.now += PAUSE
    give(kept, "甲")


def test_holders_changed_while_a_ballot_runs_hold_it_once_the_old_ones_share_it_out(tmp_path: Path) -> None:
    kept = Kept(tmp_path, holders=THREE)
    kept.cast()
    name_holders(kept.service, ("丁", "戊"))
    for gone in ("乙", "丙"):  # lost: enough of the old ones are still needed once
        kept.service.change_circle("votetown", lambda circle, n=gone: circle.without(n), gone)
    assert kept.service.holding("b0").holders == THREE  # a ballot that runs keeps those it began with
    give(kept, "甲", TO_RESHARE)
    assert "today's holders" in give(kept, "丙", TO_RESHARE)
    assert kept.service.holding("b0").holders == ("甲", "丁", "戊")
    kept.now += timedelta(hours=1)
    with pytest.raises(NotReleased, match="不是这里的密钥保管人"):
        give(kept, "丙")
    give(kept, "丁")
    give(kept, "戊")
    assert kept.service.empty(kept.urn).valid == 1


def test_a_place_with_too_few_holders_votes_as_without_any(tmp_path: Path) -> None:
    kept = Kept(tmp_path, holders=("甲",))
    kept.cast()
    kept.now += timedelta(hours=1)
    assert kept.service.holding("b0") is None
    assert kept.service.empty(kept.urn).cast == 1


def test_sealed_slips_have_one_length_and_belong_to_their_ballot() -> None:
    shape = replace(SHAPE, papers_key="11" * 32)
    cells = cells_of({ONE: list(Mark)}, shape)[ONE]
    assert {len(cell) for cell in cells} == {shape.width}
    assert len(set(cells_of({ONE: [Mark.YES] * 5}, shape)[ONE])) == 5  # the same mark never looks the same


def test_the_count_follows_when_holders_gave_on_the_page(lone_hall: Hall, tmp_path: Path) -> None:
    folder, service = certificates(tmp_path / "pem"), KeyService(tmp_path / "service", lone_hall.clock.now)
    name_holders(service, THREE)
    with listening(service, folder) as elsewhere:
        lone_hall.desk = replace(lone_hall.desk, key_service=elsewhere)
        _, ballot = lone_hall.open()
        for number in range(1, 8):
            lone_hall.cast(ballot, number, paper("yyn"))
        lone_hall.advance(START + timedelta(days=1, seconds=1))
        assert lone_hall.ballot(ballot).state == "open"
        box = lone_hall.ballot(ballot).box
        context = ssl.create_default_context(cafile=folder / AUTHORITY)  # a holder's browser shows no certificate

        def page(**form: str) -> str:
            content = urlencode({"box": box, "purpose": TO_OPEN, **form}).encode() if form else None
            address = f"https://127.0.0.1:{elsewhere._port}/{'give' if form else ''}"
            with urlopen(address, content, timeout=60, context=context) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                return str(answer.read().decode())

        assert "已交：无" in page()
        with pytest.raises(HTTPError, match="409"):
            page(holder="甲", passphrase="wrong")
        assert "还须其他保管人" in page(holder="甲", passphrase=passphrase("甲").decode())
        told = view_ballot(lone_hall.desk, lone_hall.supervisor, ballot).keys
        assert told is not None
        assert "已交：甲" in told.zh
        assert "随即开箱" in page(holder="乙", passphrase=passphrase("乙").decode())
        lone_hall.advance(lone_hall.clock.now() + ASKED_AGAIN)
        assert lone_hall.outcome(ballot)["cast"] == 7
        assert box not in page()  # what follows is voted on by itself


def test_supervision_names_holders_by_passphrase_or_file(tmp_path: Path) -> None:
    def run(*words: str, typed: str = "") -> str:
        told = CliRunner().invoke(keys, [*words, "--folder", str(tmp_path / "service")], input=typed)
        return told.output if told.exit_code == 0 else repr(told.exception)

    assert "SystemExit" in run("holder", "list", "votetown"), "a folder that is not there is not made by a look"
    (tmp_path / "service").mkdir()  # as the service does when it starts first
    assert "人数不足" in run("holder", "add", "votetown", "甲", typed="a passphrase of my own\n" * 2)
    assert "2 取 2（甲、乙）" in run("holder", "add", "votetown", "乙", "--file", str(tmp_path / "share"))
    assert (tmp_path / "share").stat().st_mode & 0o777 == 0o600
    assert "至少12个字符" in run("holder", "add", "votetown", "丙", typed="short\n" * 2)
    assert "2 取 3" in run("holder", "needed", "votetown", "3")
    assert "1 取 3（甲）" in run("holder", "remove", "votetown", "乙")
    assert "（甲）" in run("holder", "list", "votetown")
    assert "changed=3" in run("book")
