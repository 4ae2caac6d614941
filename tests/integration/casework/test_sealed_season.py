"""A sealed season is verified by a second program, and whatever was changed in it is disproved by name."""

from __future__ import annotations

import json
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.access.case_access import subject_ids
from service.casework.desk.calendars import CalendarShelf
from service.casework.desk.desk import Desk
from service.casework.sealing.law_part import calendar_part
from service.casework.sealing.notices_part import notices_part
from service.casework.sealing.publish import publish_season
from service.casework.sealing.round_read import read_round
from service.casework.sealing.seal import seal_season
from service.casework.sealing.view import open_season, public_seasons
from service.casework.soundness.fault import Unsound
from service.casework.soundness.stored_files import stored_files
from service.casework.step.history import note
from service.casework.step.settle_notice import settle_notice
from service.casework.step.step import Step
from service.casework.studio.parameters.decide_year import decide_year
from service.casework.studio.parameters.propose_year import propose_year
from service.casework.studio.parameters.study_calendar import TypedNotice
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.cli.main import laurel
from service.domain.ballots import fingerprint_of
from service.domain.calendar import Window
from service.domain.errors import Conflict, NotAllowed, NotFound
from service.domain.proof.algorithms import SM2
from service.domain.proof.anchor import read_line, sign
from service.domain.proof.sealed_bundle import as_json, packed
from service.domain.text import Text
from service.store.rows import SealedSeasonRow
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.sealed import SealedSeason, as_zip, changed, forged, sealed_season
from verifier.__main__ import main, verify
from verifier.bundle import Bundle
from verifier.report import Verdict
from verifier.windows import check_notices

STRANGER = b"\x07" * 32


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedSeason]:
    """A season of the example city from the call to the awards, and its bundle."""
    with sealed_season(tmp_path_factory.mktemp("season")) as found:
        yield found


def disproved(files: dict[str, bytes], key: str | None = None) -> list[tuple[str, str]]:
    return [(one.file, one.en) for one in verify(Bundle(files), key) if one.verdict is Verdict.DISPROVED]


def key_of(season: SealedSeason) -> str:
    return str(json.loads(season.files["signature.json"])["key"])


def test_a_season_is_verified_offline(season: SealedSeason, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "season.zip"
    path.write_bytes(season.zip)
    assert main([str(path), "--key", key_of(season)]) == 0
    told = capsys.readouterr().out
    for said in (
        "✓ 证实 notices.json：公示“第一届拟奖名单公示”2026-03-12 发布，10个工作日，2026-03-13 至 2026-03-26",
        "✓ 证实 law.json：公示“第一届拟奖名单公示”的期限依据第十二条第一款，参数 winners_notice_working_days 为 10",
        "draw 1 of stage material_review of “示例重工有限公司”: drawn again, it comes to the experts ",
        "the points of “示例重工有限公司” in stage material_review, 600.00, come from 3 sheets (mean)",
        "the ranking “ranking” quality: 1 ranked again, 1 go on",
        "counted again, 9 issued, 9 cast, 9 valid, 3 elected",
        "王师傅 was elected in a ballot (craft)",
        "the ends of all 7 chains are in signed anchors",
        "？ 未能证明 chains.json",
        "不符 0 项",
    ):
        assert said in told, said
    assert main([str(path), "--key", "0" * 64]) == 1


def test_the_same_files_make_the_same_bytes_and_name_nobody_who_reviewed(season: SealedSeason) -> None:
    files = season.files
    assert packed(dict(reversed(files.items()))) == season.zip
    whole = b"".join(files.values()).decode()
    for name in ("专一", "专二", "专三", "方法系统", "专一单位"):
        assert name not in whole


@pytest.fixture(scope="module")
def with_a_loser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedSeason]:
    """A season in which one applicant missed a floor and is named nowhere."""
    with sealed_season(tmp_path_factory.mktemp("loser"), "floor_missed") as found:
        yield found


def test_an_applicant_whom_no_notice_names_is_a_number(with_a_loser: SealedSeason) -> None:
    files = with_a_loser.files
    with with_a_loser.desk.store.read() as tx:
        names = {case.id: case.title for case in tx.cases.tree(with_a_loser.round) if case.process == "application"}
    told = {case["case"]: case["name"] for case in json.loads(files["season.json"])["cases"]}
    unnamed = [case for case in names if told[case] is None]
    assert unnamed
    assert all(names[case] not in b"".join(files.values()).decode() for case in unnamed)
    assert disproved(files) == []


def test_the_command_seals_publishes_and_tells_the_key(season: SealedSeason, tmp_path: Path) -> None:
    tools, target = SimpleNamespace(desk=lambda: season.desk), tmp_path / "season.zip"
    run = CliRunner().invoke
    told = run(laurel, ["season", "seal", str(season.round), "--to", str(target)], obj=tools)
    assert (told.exit_code, "公钥" in told.output) == (0, True), told.output
    assert main([str(target), "--key", run(laurel, ["season", "key"], obj=tools).output.strip()]) == 0
    ident = told.output.split()[1].partition("“")[0]
    told = run(laurel, ["season", "publish", ident], obj=tools)
    assert (told.exit_code, f"/seasons/{ident}.zip" in told.output) == (0, True), told.output
    second = tmp_path / "second.zip"
    told = run(laurel, ["season", "seal", str(season.round), "--to", str(second)], obj=tools)
    assert (told.exit_code, f"封存 {ident}“" in told.output, "没有再封" in told.output) == (0, True, True), told.output
    assert second.read_bytes() == target.read_bytes(), "the same bundle, not a second one"
    told = run(laurel, ["season", "seal", str(season.round), "--again"], obj=tools)
    assert (told.exit_code, f"封存 {int(ident) + 1}“" in told.output) == (0, True), told.output
    refused = run(laurel, ["season", "seal", str(season.round), "--to", str(tmp_path / "none" / "x.zip")], obj=tools)
    assert refused.exit_code == 2
    assert "不能写入" in refused.output


def test_a_disk_that_is_full_leaves_no_half_bundle(season: SealedSeason, tmp_path: Path) -> None:
    """A shorter file under its own name would be taken for the bundle."""
    tools, target = SimpleNamespace(desk=lambda: season.desk), tmp_path / "season.zip"
    (tmp_path / "season.zip.part").symlink_to("/dev/full")
    told = CliRunner().invoke(laurel, ["season", "seal", str(season.round), "--to", str(target)], obj=tools)
    assert (told.exit_code, "磁盘已满" in told.output) == (2, True), told.output
    assert [*tmp_path.iterdir()] == []
    assert "不带 --again" in told.output
    sealed = len(bundles_of(season))
    told = CliRunner().invoke(laurel, ["season", "seal", str(season.round), "--to", str(target)], obj=tools)
    assert (told.exit_code, target.is_file(), len(bundles_of(season))) == (0, True, sealed), told.output


def bundles_of(season: SealedSeason) -> list[SealedSeasonRow]:
    with season.desk.store.read() as tx:
        return list(tx.sealed_seasons.of_round(season.round))


def test_a_bundle_that_is_gone_is_missed(with_a_loser: SealedSeason) -> None:
    def lost() -> list[str]:
        found = [one.found.en for one in stored_files(with_a_loser.desk) if isinstance(one, Unsound)]
        return [one for one in found if "the bundle of season" in one]

    assert lost() == []
    with with_a_loser.desk.store.write() as tx:
        row = tx.sealed_seasons.of_round(with_a_loser.round)[-1]
        tx.sealed_seasons.insert(replace(row, id=0, sha256="0" * 64))
    assert len(lost()) == 1


def test_a_bundle_put_in_its_place_is_not_handed_out(with_a_loser: SealedSeason) -> None:
    desk, visitor = with_a_loser.desk, with_a_loser.stage.cast.actor("甲")
    publish_season(desk, SYSTEM, seal_season(desk, SYSTEM, with_a_loser.round))
    with desk.store.read() as tx:
        row = tx.sealed_seasons.of_round(with_a_loser.round)[0]
    other = forged(changed(with_a_loser.files, "counts.json", lambda told: told.clear()), STRANGER)
    told = json.loads(other["manifest.json"])
    stranger = json.loads(other["signature.json"])["key"]
    ours = desk.ballot_keys.secret("anchors")
    rebound = forged(other, ours)  # signed by our key, but no entry of the chain holds it

    def put(files: dict[str, bytes], key: str) -> int:
        sha256, size = desk.store.files.put(packed(files))
        content = json.loads(files["manifest.json"])["content"]
        with desk.store.write() as tx:
            fresh = replace(row, id=0, sha256=sha256, size=size, key=key, content=content)
            return int(tx.sealed_seasons.insert(fresh))

    assert told["content"] != row.content
    for files, key, said in ((other, stranger, "不是本系统的密钥签名"), (rebound, row.key, "不在该届的记录链中")):
        ident = put(files, key)
        with pytest.raises(Conflict, match=said):
            open_season(desk, visitor, ident)
        assert public_seasons(desk, visitor).seasons[0].key == row.key != stranger
        faults = [one.found.zh for one in stored_files(desk) if isinstance(one, Unsound)]
        assert any(f"封存 {ident}“" in fault and said in fault for fault in faults)
    _, content = open_season(desk, visitor, row.id)
    content.close()


def test_a_round_whose_records_were_changed_is_not_sealed(with_a_loser: SealedSeason) -> None:
    desk, round_id = with_a_loser.desk, with_a_loser.round

    def refused(sql: str, undo: str, said: str, **values: Any) -> None:
        with desk.store.write() as tx:
            tx._connection.execute(sa.text(sql), values)
        with pytest.raises(Conflict, match=said):
            seal_season(desk, SYSTEM, round_id)
        with desk.store.write() as tx:
            tx._connection.execute(sa.text(undo), values)

    with desk.store.read() as tx:
        ballot = next(row for case in tx.cases.tree(round_id) for row in tx.ballots.of_case(case.id))
        result = tx.ballots.result(ballot.id)
        event, newest = tx.history.whole(ballot.case_id)[2], tx.anchors.last()
    assert result is not None
    assert newest is not None
    turned = json.dumps(result.record, ensure_ascii=False).replace('"yes"', '"no"')
    plain = json.dumps(result.record, ensure_ascii=False)
    count = "update ballot_result set record = {}, fingerprint = {} where ballot_id = :id"
    refused(
        count.format(":turned", ":other"), count.format(":plain", ":own"), "计票记录不是计票时",
        id=ballot.id, turned=turned, plain=plain, own=result.fingerprint, other=fingerprint_of(json.loads(turned)),
    )  # fmt: skip
    state = "update ballot set state = {} where id = :id"
    refused(state.format("'void'"), state.format("'counted'"), "计票记录不是计票时", id=ballot.id)
    words = "update audit set text = {} where id = :id"
    refused(words.format("'别的'"), words.format(":own"), "第3条被改动", id=event.id, own=event.text)
    anchor = "update anchor set line = {} where seq = :seq"
    foreign = sign(read_line(newest.line).anchor, STRANGER).line
    refused(
        anchor.format(":other"),
        anchor.format(":own"),
        "锚定不是本系统的密钥签名的（恢复到新机器",
        seq=newest.seq,
        other=foreign,
        own=newest.line,
    )
    head = read_line(newest.line).anchor
    gone = replace(head, heads=tuple(replace(one, hash="0" * 64) for one in head.heads))
    false = sign(gone, desk.ballot_keys.secret("anchors")).line
    refused(
        anchor.format(":other"), anchor.format(":own"), "与锚定时不同", seq=newest.seq, other=false, own=newest.line
    )
    assert seal_season(desk, SYSTEM, round_id)


def set_in(*steps: Any) -> Callable[[Any], None]:
    """Return what puts the last of ``steps`` at the place that the others lead to."""
    *path, last, value = steps

    def change(told: Any) -> None:
        for step in path:
            told = told[step]
        told[last] = value

    return change


def one_yes_to_no(told: Any) -> None:
    """Change one mark."""
    next(slip for slip in told[0]["record"]["slips"]["quality:2"] if slip["mark"] == "yes")["mark"] = "no"


def as_given(points: str) -> Callable[[Any], None]:
    """Return what passes off the points of a stage as given from elsewhere."""

    def change(told: Any) -> None:
        told[0]["record"][0]["entrants"][0]["given"] = ["defence"]
        told[0]["record"][0]["entrants"][0]["stages"]["defence"] = points

    return change


TAMPERED: list[tuple[str, Callable[[Any], object], str, str]] = [
    ("notices.json", set_in(1, "last_day", "2026-03-25"), "notices.json", "runs from 2026-03-13 to 2026-03-26, but"),
    ("notices.json", set_in(1, "posted_on", "2026-03-11"), "notices.json", "was not posted on the day"),
    ("notices.json", set_in(1, "content", "text", "别的"), "notices.json", "does not have its fingerprint"),
    ("law.json", set_in("parameters", "winners_notice_working_days", "value", 5), "law.json", "is not the value 5"),
    ("calendar.json", set_in("layers", 0, "years", "2026", "make_up", ["2026-03-14"]), "notices.json", "2026-03-25, but"),
    ("draws.json", lambda told: told[0]["chosen"].reverse(), "draws.json", "drawn again, it comes to ["),
    ("draws.json", set_in(0, "seed", "0" * 64), "draws.json", "the seed does not come from the facts"),
    ("draws.json", set_in(0, "drawn_at", "2026-03-01T00:00:00+00:00"), "draws.json", "was not public before"),
    ("draws.json", lambda told: told.append({**told[0], "number": 4}), "draws.json", "is missing or stands twice"),
    ("scores.json", set_in("results", 1, "sheets", 0, "points", "601/1"), "scores.json", "come to 600.33"),
    ("scores.json", set_in("results", 1, "points", "999/1"), "rankings.json", "are not those of the score table"),
    ("rankings.json", set_in(0, "record", 0, "standings", 0, "place", 2), "rankings.json", "640.00 points and place 1"),
    ("rankings.json", set_in(0, "record", 0, "entrants", 0, "bonus", "9/1"), "rankings.json", "649.00 points"),
    ("rankings.json", as_given("99/1"), "rankings.json", "are not those of the score table"),
    ("awards.json", set_in(1, "tier", "quality"), "awards.json", "stood for nomination alone, not for “quality”"),
    ("counts.json", one_yes_to_no, "counts.json", "2.yes is not what"),
    ("counts.json", set_in(0, "record", "outcome", "lines", 0, "yes", 7), "counts.json", "2.yes is not what"),
    ("counts.json", set_in(0, "record", "outcome", "cast", 8), "counts.json", "cast is not what is said"),
    ("counts.json", set_in(0, "record", "roll", 0, "marked", False), "counts.json", "8 marks on the roll, 9 papers"),
    ("counts.json", set_in(0, "record", "rules", "vote_threshold", ">= 5/6"), "counts.json", "2.passed is not what"),
    ("counts.json", lambda told: told[0]["record"]["receipts"].pop(), "counts.json", "other receipts than marks"),
    ("chains.json", set_in(1, "hash", "0" * 64), "chains.json", "the end of case 2 is not in the tree"),
    ("seal.json", set_in("seq", 41), "seal.json", "does not have its hash"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "change", "file", "said"), TAMPERED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_was_changed_is_named(
    season: SealedSeason, path: str, change: Callable[[Any], object], file: str, said: str
) -> None:
    files = changed(season.files, path, change)
    plain = disproved(files)
    assert (path, "the file is not the one of the manifest") in plain
    assert any(where == file and said in told for where, told in plain), plain
    if path in ("chains.json", "seal.json"):
        return
    found = disproved(forged(files, STRANGER))  # sealed anew by who has a key and all chains
    assert any(where == file and said in told for where, told in found), found
    assert not any(where in ("manifest.json", "seal.json", "anchors.jsonl", "signature.json") for where, _ in found)
    other = disproved(forged(files, STRANGER), key_of(season))
    assert any(where == "signature.json" for where, _ in other)


def sealed_notices(season: SealedSeason, desk: Desk, until: date | None = None) -> dict[str, bytes]:
    """Return the files of a season as they are where the notice of the awards was extended, the store as it was."""
    with desk.store.write() as tx:
        root = tx.cases.get(season.round)
        (row,) = [one for one in read_round(desk, tx, root).notices if one.last_day == date(2026, 3, 26)]
        if until is not None:
            why = Text("经办公室决定顺延：停机两日", "the office let it run on: two days away")
            settle_notice(Step(desk, tx, root, SYSTEM), row, Window(date(2026, 3, 27), until, False, why))
        read = read_round(desk, tx, root)
        files = {"notices.json": as_json(notices_part(read)), "calendar.json": as_json(calendar_part(read))}
        tx.notices.update(row.id, last_day=row.last_day, ends_at=row.ends_at, period=row.period)
    return {**season.files, **files}


def told_of_notices(files: dict[str, bytes], verdict: Verdict) -> list[str]:
    return [one.en for one in check_notices(Bundle(files)) if one.verdict is verdict]


def test_a_notice_that_was_extended_has_its_first_end_proved_and_its_reason_open(season: SealedSeason) -> None:
    files = sealed_notices(season, season.desk, date(2026, 3, 31))
    assert told_of_notices(files, Verdict.DISPROVED) == []
    assert any("runs from 2026-03-13 to 2026-03-26" in told for told in told_of_notices(files, Verdict.PROVED))
    open_ = told_of_notices(files, Verdict.OPEN)
    assert any("extended from 2026-03-26 to 2026-03-31: the office let it run on" in told for told in open_), open_
    for field, day in (("from", "2026-03-25"), ("to", "2026-03-30"), ("to", "2026-03-26")):
        assert told_of_notices(changed(files, "notices.json", set_in(1, "extended", field, day)), Verdict.DISPROVED)

    def shortened(told: Any) -> None:
        told[1] |= {"last_day": "2026-03-25", "ends_at": "2026-03-25T16:00:00+00:00"}
        told[1]["extended"] |= {"to": "2026-03-25"}

    assert told_of_notices(changed(files, "notices.json", shortened), Verdict.DISPROVED)


def test_a_notice_is_counted_by_the_calendar_of_its_time(season: SealedSeason) -> None:
    shelf = CalendarShelf(load_calendars(bundled_calendars()), season.desk.store)
    desk = replace(season.desk, calendars=shelf)
    typed = TypedNotice("临时放假 2026-03-24", "cn", 2026, "关于放假的通知", "国办发〔2026〕1号", "2025-11-01")
    first, second = (
        Actor(number, "管理员", (Seat("*", "administrator", 1, "office", "办公室", "office"),)) for number in (1, 2)
    )
    decide_year(desk, second, propose_year(desk, first, typed), True)
    shelf.refresh()
    for until in (None, date(2026, 3, 31)):
        files = sealed_notices(season, desk, until)
        assert told_of_notices(files, Verdict.DISPROVED) == []
        assert any("before it was corrected" in told for told in told_of_notices(files, Verdict.OPEN))
        today = changed(files, "notices.json", set_in(1, "former_calendar", None))
        assert any("to 2026-03-27, but" in told for told in told_of_notices(today, Verdict.DISPROVED))


def test_who_is_recused_does_not_fetch_what_is_not_public(season: SealedSeason) -> None:
    desk = season.desk
    ident, office = seal_season(desk, SYSTEM, season.round), season.stage.cast.actor("office")
    _, content = open_season(desk, office, ident)
    content.close()
    with desk.store.read() as tx:
        about = frozenset(one for case in tx.cases.tree(season.round) for one in subject_ids(case))
    with pytest.raises(NotAllowed, match="回避"):
        open_season(desk, replace(office, recused=about), ident)
    publish_season(desk, SYSTEM, ident)
    _, content = open_season(desk, replace(office, recused=about), ident)
    content.close()


def test_a_changed_anchor_a_missing_and_an_added_file_are_named(season: SealedSeason) -> None:
    files = season.files
    line = json.loads(files["anchors.jsonl"])
    line["anchor"]["at"] = "2026-01-01T00:00:00.000000+00:00"
    assert ("anchors.jsonl", "anchor 1 does not hold") in disproved(
        {**files, "anchors.jsonl": json.dumps(line).encode()}
    )
    for path in sorted(set(files) - {"README.txt"}):
        left = {name: data for name, data in files.items() if name != path}
        assert path in {where for where, _ in disproved(left)}, path
    assert disproved({**files, "more.json": b"{}"})[0] == ("more.json", "the manifest does not know this file")
    without = {name: data for name, data in files.items() if name != "draws.json"}
    found = disproved(forged(without, STRANGER))
    assert ("manifest.json", "draws.json is not in the manifest") in found


def test_an_award_for_who_was_not_elected_is_disproved(season: SealedSeason) -> None:
    def lost(told: Any) -> None:
        record = told[0]["record"]
        for slip in record["slips"]["quality:2"]:
            slip["mark"] = "no"

    files = changed(season.files, "counts.json", lost)
    files = changed(files, "counts.json", set_in(0, "record", "after", "elected", []))
    assert any("was not elected, and is listed as awarded" in told for _, told in disproved(files))
    other = {
        "tier": "quality",
        "candidate": "99",
        "votes": 9,
    }  # who is elected and not awarded leaves a place to the next
    moved = changed(files, "counts.json", set_in(0, "record", "after", "elected", [other]))
    assert not any("示例重工有限公司 stood for" in told for _, told in disproved(moved))


def unproved(files: dict[str, bytes]) -> list[str]:
    return [one.en for one in verify(Bundle(files)) if one.verdict is Verdict.OPEN]


def test_points_that_were_given_and_awards_without_a_vote_are_not_proved(season: SealedSeason) -> None:
    files = season.files
    given = "in stage defence that “ranking” uses: they were given, not scored"
    assert any(given in told for told in unproved(changed(files, "rankings.json", as_given("0"))))
    without = changed(files, "scores.json", lambda told: told["results"].clear())
    assert any(f"the points 99.00 of “示例重工有限公司” {given}" in told for told in unproved(
        changed(without, "rankings.json", as_given("99/1"))
    ))  # fmt: skip
    assert not any("given, not scored" in told for told in unproved(files))
    found = unproved(changed(files, "counts.json", lambda told: told.clear()))
    assert "that 示例重工有限公司 was elected for “quality”: no count has it stand for that, but for quality" in found
    again = changed(files, "awards.json", set_in(0, "tier", "quality_again"))  # an award to who wins again
    assert any("no count has it stand for that, but for quality" in told for told in unproved(again))
    assert not any("stood for" in told for _, told in disproved(again))


def test_without_a_key_nobody_is_told_that_all_is_well(
    season: SealedSeason, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = as_zip(forged(season.files, STRANGER), tmp_path / "forged.zip")
    assert main([str(path)]) == 3
    last = capsys.readouterr().out.splitlines()[-1]
    assert "签名者未知" in last
    assert "The signer is unknown" in last
    for empty in ("", " "):
        assert main([str(path), "--key", empty]) == 2
        told = capsys.readouterr()
        assert (told.out, "公钥应为64位十六进制数" in told.err) == ("", True)
    assert main([str(path), "--key", key_of(season)]) == 1
    assert "签名者未知" not in capsys.readouterr().out


def zipped(path: Path, *members: tuple[str, bytes], mode: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", mode, compresslevel=1) as target:
        for name, data in members:
            target.writestr(name, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_bundles_are_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 no zip at all")
    encrypted = bytearray(zipped(tmp_path / "e.zip", ("season.json", b"{}")).read_bytes())
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "encrypted.zip").write_bytes(encrypted)
    hostile = {
        broken: "no whole ZIP file",
        tmp_path / "none.zip": "cannot be opened",
        tmp_path: "cannot be opened",
        zipped(tmp_path / "up.zip", ("../manifest.json", b"{}")): "has no file of the name",
        zipped(tmp_path / "root.zip", ("/etc/passwd", b"")): "has no file of the name",
        zipped(tmp_path / "deep.zip", ("a/b.json", b"")): "has no file of the name",
        zipped(tmp_path / "twice.zip", ("season.json", b"1"), ("season.json", b"2")): "is there twice",
        zipped(tmp_path / "many.zip", *((f"f{n}.json", b"") for n in range(41))): "at most 40",
        zipped(tmp_path / "bomb.zip", ("season.json", bytes(101 << 20)), mode=zipfile.ZIP_DEFLATED): "unpacks to more",
        tmp_path / "encrypted.zip": "is encrypted",
    }
    for path, said in hostile.items():
        assert main([str(path)]) == 2, path
        told = capsys.readouterr()
        assert said in told.err, told.err
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
    assert main([str(broken), "--key", "short"]) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"format":1,"format":2}',
        b"[" * 100_000,
        b'{"a":NaN}',
        b"\xff\xfe",
        b'"' + b"9" * 9,
    ],
)
def test_whatever_stands_in_a_file_is_told_and_nothing_breaks(season: SealedSeason, content: bytes) -> None:
    files = season.files
    for path in sorted(set(files) - {"README.txt"}):
        found = disproved({**files, path: content})
        assert found, path
    assert disproved(dict.fromkeys(files, content))


def test_a_bundle_writes_no_lines_of_its_own(season: SealedSeason) -> None:
    title = "公示\n✓ 证实 all.json：一切属实\x1b[2K\u2028"
    files = changed(season.files, "notices.json", set_in(1, "content", "title", title))
    lines = [one.line for one in verify(Bundle(files))]
    assert any("一切属实" in line for line in lines)
    assert not any(letter in line for line in lines for letter in "\n\x1b\u2028")


def test_numbers_are_bounded(season: SealedSeason) -> None:
    files = season.files
    for path, change in (
        ("scores.json", set_in("results", 0, "points", "1e999999999")),
        ("scores.json", set_in("results", 0, "points", "1/0")),
        ("draws.json", set_in(0, "rules", "from_outside", 10**18)),
        ("notices.json", set_in(1, "length", 10**9)),
        ("notices.json", set_in(1, "last_day", "9999-12-31")),
        ("counts.json", set_in(0, "record", "rules", "vote_quorum", "1e999999999")),
    ):
        assert path in {where for where, _ in disproved(changed(files, path, change))}


def test_a_running_round_is_not_sealed_and_only_the_newest_bundle_is_published(season: SealedSeason) -> None:
    desk, running = season.desk, season.stage.case("甲任")
    with pytest.raises(Conflict, match="整届"):
        seal_season(desk, SYSTEM, running)
    first, second = (seal_season(desk, SYSTEM, season.round) for _ in range(2))
    with pytest.raises(Conflict, match="最新"):
        publish_season(desk, SYSTEM, first)
    visitor = season.stage.cast.actor("甲")
    with pytest.raises(NotFound):
        open_season(desk, visitor, second)
    publish_season(desk, SYSTEM, second)
    with pytest.raises(Conflict, match="已经公布"):
        publish_season(desk, SYSTEM, second)
    row, content = open_season(desk, visitor, second)
    content.close()
    assert public_seasons(desk, visitor, "example_city").seasons[0] == row
    assert public_seasons(desk, visitor, "elsewhere").seasons == ()
    with desk.store.read() as tx:
        assert tx.history.verify(season.round) is None


def test_from_the_setting_on_a_season_is_signed_by_sm2_and_verified_offline(
    season: SealedSeason, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = replace(season.desk, premises=replace(season.desk.premises, signature=SM2))
    ident = seal_season(desk, SYSTEM, season.round)
    row, content = open_season(season.desk, SYSTEM, ident)
    path = tmp_path / "season.zip"
    with content, path.open("wb") as target:
        target.write(content.read())
    with zipfile.ZipFile(path) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    told, before = json.loads(files["signature.json"]), key_of(season)
    assert (told["algorithm"], told["key"]) == ("SM2", row.key)
    assert json.loads(files["manifest.json"])["keys"] == [before], "some of its anchors are of before"
    keys = {json.loads(line)["key"] for line in files["anchors.jsonl"].splitlines()}
    assert keys == {before, row.key}
    assert main([str(path), "--key", row.key]) == 0
    assert "清单由指定的密钥签名" in capsys.readouterr().out
    assert main([str(path), "--key", row.key.lower()]) == 1, "in these keys small and large letters differ"
    assert main([str(path), "--key", before]) == 1
    assert main([str(path), "--key", f"{row.key}A"]) == 2
    for name, key, value in (
        ("signature.json", "signature", told["signature"][:-2] + "00"), ("signature.json", "algorithm", "Ed25519"),
        ("manifest.json", "title", "别的"), ("manifest.json", "keys", []),
    ):  # fmt: skip
        found = disproved(changed(files, name, set_in(key, value)), row.key)
        assert any(file in ("signature.json", "anchors.jsonl") for file, _ in found), (name, key, found)
    other = forged(changed(files, "counts.json", lambda told: told.clear()), STRANGER)
    listed = changed(other, "manifest.json", set_in("keys", [row.key]))
    assert ("signature.json", f"it is not signed by the key {row.key}") in disproved(listed, row.key)
    _, old = open_season(desk, SYSTEM, 1)
    old.close()


def test_pages_and_calls_seal_and_publish(season: SealedSeason) -> None:
    people = {word: int(season.stage.cast.actor(word).person_id or 0) for word in ("office", "甲")}
    bench: Any = type("Bench", (), {"desk": season.desk, "people": people})()
    app = create_app(season.desk, settings_for_tests())
    office, other, visitor = (Browser(app, bench, login) for login in ("office", "甲", None))
    page = f"/cases/{season.round}/season"
    assert f'href="{page}"' in office.get(f"/cases/{season.round}").text
    assert "封存本届" in office.get(page).text or "重新封存" in office.get(page).text
    assert other.get(page).status_code == other.post(page).status_code == 403
    assert visitor.post(page).status_code in (302, 401)
    shown = re.search(r'name="known" value="(\d+)"', office.get(page).text)
    assert shown, "what the page knows of is sent along"
    first, again = (office.post(page, {"known": shown[1]}) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert "这一次没有再封" in office.get(page).text, "a second press of the same page seals nothing"
    assert office.send("POST", f"/api/v1/cases/{season.round}/seasons?known={shown[1]}", {}).status_code == 409
    sealed = office.send("POST", f"/api/v1/cases/{season.round}/seasons", {})
    assert sealed.status_code == 200, sealed.text[:300]
    told = office.get(f"/api/v1/cases/{season.round}/seasons").json
    newest = told["seasons"][0]
    assert newest["id"] == sealed.json["id"]
    assert (told["ended"], newest["published_at"], newest["round"]) == (True, None, season.round)
    assert visitor.get(f"/seasons/{newest['id']}.zip").status_code == 404
    assert other.post(f"{page}/{newest['id']}/publish").status_code == 403
    assert office.post(f"{page}/{newest['id']}/publish").status_code == 303
    assert visitor.get(f"/seasons/{newest['id']}.zip").data.startswith(b"PK")
    for address in ("/seasons", "/seasons?of=example_city", "/portal"):
        assert "封存的届次" in visitor.get(address).text
    assert newest["key"] in visitor.get("/seasons").text
    assert visitor.get("/api/v1/seasons").json["seasons"][0]["id"] == newest["id"]
    assert visitor.get(f"/api/v1/seasons/{newest['id']}/file").json["media_type"] == "application/zip"
    with season.desk.store.read() as tx:
        acts = [row for row in tx.acts.after(0, 1000) if row.action in ("season.seal", "season.publish")]
    assert {(row.action, row.outcome) for row in acts} >= {
        ("season.seal", "done"), ("season.publish", "done"), ("season.publish", "not_allowed"),
    }  # fmt: skip


def test_others_write_while_a_season_is_gathered_and_what_changed_is_gathered_anew(tmp_path: Path) -> None:
    with sealed_season(tmp_path, on_disk=True) as season:
        desk, round_id, wrote = season.desk, season.round, list[float]()

        def write() -> None:
            began = time.monotonic()
            with desk.store.write() as tx:
                note(desk, tx, round_id, SYSTEM, "note", "封存期间的备注")
            wrote.append(time.monotonic() - began)

        def meanwhile(point: str) -> None:
            if point == "season-gathered" and not wrote:
                writer = threading.Thread(target=write)
                writer.start()
                writer.join(60)
                assert not writer.is_alive(), "whoever writes must not wait for the sealing"

        desk.store.crash_point = meanwhile
        ident = seal_season(desk, SYSTEM, round_id)
        assert len(wrote) == 1
        _, content = open_season(desk, SYSTEM, ident)
        with content, zipfile.ZipFile(content) as bundle:
            heads = {one["chain"]: one["seq"] for one in json.loads(bundle.read("chains.json"))}
        with desk.store.read() as tx:
            assert heads[f"case {round_id}"] == tx.cases.get(round_id).audit_seq
            assert "封存期间的备注" in [event.text for event in tx.history.whole(round_id)]
