"""What was kept long enough goes from every place, and everything that is left still proves what happened."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import handlers
from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.archives.gather import Masks, start_archive
from service.casework.archives.view import open_archive
from service.casework.assemble import desk_over
from service.casework.cases.start import start_case
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.due.hold import resume_work
from service.casework.due.run_item import run_item
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.downloads.files import open_upload
from service.casework.retention.due import DueCase, change_rules
from service.casework.retention.erase import Wish, ask_erasures, erase_case, try_erasures
from service.casework.retention.view import tidy_database, view_retention
from service.casework.simulate import play, read_scenario
from service.casework.soundness.prove import prove
from service.casework.tasks.complete import complete_task
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.forms import InputType
from service.domain.proof.audit_chain import ERASED, ERASURE, AuditEvent
from service.domain.retention import INTERNAL, MAILS, PERSONAL, SECRET, SHEETS
from service.jobs.due_work import DueWork
from service.sdk import operations
from service.store import CONTENT, KEPT, NewWork, Store, Transaction, findable_text
from service.store.models import AwardRow, CaseMoveRow, RetentionRuleRow, ShownFileRow, UploadRow, metadata
from service.store.types import Encrypted, Kind
from tests.support.bundled import bundled
from tests.support.desks import PACKAGE, Bench
from tests.support.log import owner_address
from tests.support.statements import statements_of

PROJECT = Path(__file__).parents[3]
PLACE = "ganzhou"
LATE = datetime(2070, 5, 4, 2, tzinfo=UTC)
OWN = {"person", "body", "notice", "draft_revision", "definition"}
"""Accounts, bodies, what was posted, and packages: no part of what a case keeps for itself."""


@dataclass
class Finished:
    """A season whose every case has ended, with objections of people, long ago."""

    desk: Desk
    clock: VirtualClock
    office: Actor
    admin: Actor

    @property
    def store(self) -> Store:
        return self.desk.store

    def sweep(self) -> None:
        due = DueWork(self.store, lambda item: run_item(self.desk, SYSTEM, item), self.clock.now, "test")
        while due.run_some("documents", self.clock.now()):
            pass

    def due(self) -> dict[int, set[str]]:
        return {one.case.id: set(one.due) for r in view_retention(self.desk, self.office).rounds for one in r.cases}

    def values(self) -> set[str]:
        """Personal and secret values of all forms, as they were typed."""
        found: set[str] = set()
        with self.store.read() as tx:
            for ident in tx.cases.numbers_after(0, 100):
                package = self.desk.packages.get(tx.cases.get(ident).definition, tx)
                rows = tx.forms.of_case(ident, taken_back=True)
                found |= set(Masks([(self.desk.packages.form(package, r.form), r.data) for r in rows]).values)
                uploads = tx.uploads.list_of_case(ident)
                found = (found | {upload.name for upload in uploads}) - {upload.id for upload in uploads}
        return {value for value in found if not value.isdigit() or len(value) >= 5}


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a store in which a season was played to its end."""
    handlers.load()
    folder = tmp_path_factory.mktemp("season")
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    store.migrate()
    package = bundled().package(f"{PLACE}/quality_award")
    path = PROJECT / "processes" / package.key / "scenarios" / "objection_forms.yaml"
    played = read_scenario(path.read_bytes(), path.name)
    play(store, package, played, load_calendars(bundled_calendars()), operations())
    store.rewrite()
    store.close()
    return folder


@pytest.fixture
def finished(season: Path, tmp_path: Path) -> Iterator[Finished]:
    shutil.copytree(season, tmp_path / "copy")
    store = Store(f"sqlite:///{tmp_path}/copy/laurel.db", tmp_path / "copy/files", durable=False)
    clock = VirtualClock(LATE)
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    with store.read() as tx:
        body = tx.bodies.find(jurisdiction=PLACE, key="office")
        person = tx.people.everybody()[0].id
    assert body is not None
    seat = Seat(PLACE, "office", body.id, "office", body.name, "office")
    yield Finished(
        desk,
        clock,
        Actor(person, "办公室", (seat,)),
        Actor(person, "管理员", (Seat("*", "administrator", body.id, "office", body.name, "office"),)),
    )
    store.close()


def texts(store: Store) -> Iterator[tuple[str, str]]:
    """Yield whatever stands in a row of any table, engine states unpacked."""
    with store._engine.connect() as db:
        for table in metadata.sorted_tables:
            for row in db.execute(sa.select(table)):
                for value in row:
                    if isinstance(value, bytes):
                        start = value.find(b"x\x01")
                        with suppress(zlib.error):
                            value = zlib.decompress(value[start:]).decode()
                    yield table.name, str(value)


def erased(finished: Finished) -> None:
    """Let everything that is due go."""
    ask_erasures(finished.desk, finished.office, sorted(finished.due()), "期满")
    finished.sweep()


def faults(finished: Finished) -> list[str]:
    return [fault.found.zh for part in prove(finished.desk, SYSTEM) for fault in part.faults]


def test_no_personal_value_is_left_anywhere_and_all_chains_hold(finished: Finished, tmp_path: Path) -> None:
    values = finished.values()
    assert len(values) > 10
    assert {value for _, text in texts(finished.store) for value in values if value in text} == values
    with finished.store.read() as tx:
        [sent, *_] = [upload for ident in tx.cases.numbers_after(0, 9) for upload in tx.uploads.list_of_case(ident)]
    pdf, _ = finished.store.files.put(b"%PDF-1.7 as it is shown")
    with finished.store.write() as tx:
        assert tx.shown_files.note(ShownFileRow(sha256=sent.sha256, pdf=pdf, made_at=finished.desk.clock.now()))
    root = 1
    archive = start_archive(finished.desk, finished.office, root, "移交", full=True)
    finished.sweep()
    files = {str(f["sha256"]) for f in open_archive(finished.desk, finished.office, archive)[1]}
    erased(finished)
    assert finished.due() == {}
    tidy_database(finished.desk, SYSTEM)
    left = {(table, v) for table, text in texts(finished.store) if table not in OWN for v in values if v in text}
    assert sorted(left) == []
    assert faults(finished) == []
    kept = set(finished.store.files.names())
    assert kept & files == set()
    assert sent.sha256 not in kept
    assert pdf not in kept
    with finished.store.read() as tx:
        assert tx.shown_files.find(sha256=sent.sha256) is None
    allowed = {v for table, text in texts(finished.store) if table in OWN for v in values if v in text}
    for file in sorted((tmp_path / "copy").rglob("*")):
        whole = file.read_bytes() if file.is_file() else b""
        assert [v for v in values - allowed if v.encode() in whole] == [], file
    with pytest.raises(NotFound, match="按保存期限清除"):
        open_upload(finished.desk, finished.office, sent.id)
    with pytest.raises(Conflict, match="按保存期限从系统中清除"):
        open_archive(finished.desk, finished.office, archive)
    with finished.store.read() as tx:
        for ident in tx.cases.numbers_after(0, 100):
            assert tx.history.verify(ident) is None
            assert [e.action for e in tx.history.select(case_id=ident)].count(ERASURE) >= 1
            assert tx.cases.get(ident).title
    for ident in range(1, 8):
        assert view_case(finished.desk, finished.office, ident).brief.id == ident
    again = start_archive(finished.desk, finished.office, root, "再次移交", full=True)
    finished.sweep()
    assert open_archive(finished.desk, finished.office, again)[0].sealed_at is not None


def test_what_still_waits_in_an_erased_case_is_called_off(finished: Finished) -> None:
    """Its words are gone: a reminder that a clock set far ahead left behind would be tried in vain without end."""
    case = max(finished.due())
    late = NewWork("escalation", case, "escalate:late", {"task": 1, "last_day": "2026-04-02", "offset": -2}, LATE)
    with finished.store.write() as tx:
        tx.work.enqueue_many([late._replace(due_at=LATE + timedelta(days=1))], LATE)
    erased(finished)
    with finished.store.read() as tx:
        assert tx.work.of_case(case) == []
        assert [one.state for one in tx.work.of_case(case, ("cancelled",)) if one.effect_key == late.effect_key]
    assert faults(finished) == []


def test_an_archive_without_personal_data_keeps_its_files_and_one_that_is_lost_is_told(finished: Finished) -> None:
    held = []
    for full in (True, False):
        number = start_archive(finished.desk, finished.office, 1, "移交", full=full)
        finished.sweep()
        held.append({str(file["sha256"]) for file in open_archive(finished.desk, finished.office, number)[1]})
    files, stays = held
    with statements_of(finished.store) as seen:
        erased(finished)
    done = sum("UPDATE erasure" in sql for sql, _ in seen)
    assert 0 < sum("SELECT archive_part.files" in sql and "jurisdiction" in sql for sql, _ in seen) <= done
    kept = set(finished.store.files.names())
    assert stays & files
    assert stays <= kept
    assert kept & files == stays & files
    assert faults(finished) == []
    lost = max(stays)
    finished.store.files.drop(lost, finished.store.files.stamp(lost))
    assert any("归档 2 缺少 1 个文件" in fault for fault in faults(finished))


def test_an_ordinary_word_touches_nothing_above_and_a_telling_one_is_listed_first(finished: Finished) -> None:
    child, telephone = 2, "13911112222"
    with finished.store.read() as tx:
        forms = [row for row in tx.forms.of_case(child, taken_back=True) if "contact" in row.form or row.data]
        package = finished.desk.packages.get(tx.cases.get(child).definition, tx)
        fields = [
            (row, info) for row in forms for info in finished.desk.packages.form(package, row.form).fields()
            if info.personal and "[]" not in info.path and info.type is InputType.TEXTFIELD
        ]  # fmt: skip
        form, name = next((row, info.path) for row, info in fields if info.person)
        other = next(info.path for row, info in fields if row is form and not info.person)
        [first, second, third, *_] = [d for d in tx.documents.select(case_id=1) if d.sha256]
    data: dict[str, Any] = json.loads(json.dumps(dict(form.data)))
    for path, value in ((name, "欧阳"), (other, f"没有\n{telephone}\n外甥")):
        *above, last = path.split(".")
        reduce(getitem, above, data)[last] = value
    with finished.store._engine.begin() as db:
        forms_of, documents = metadata.tables["form_result"], metadata.tables["document"]
        db.execute(sa.update(forms_of).where(forms_of.c.id == form.id).values(data=data))
        for number, text in ((first.id, "外甥没有异议"), (second.id, f"来电{telephone}"), (third.id, "欧阳到会")):
            changed = sa.update(documents).where(documents.c.id == number)
            db.execute(changed.values(title=f"文书{number}", content={"paragraphs": [text]}))
    with finished.store.write() as tx:
        tx.history.record(1, [AuditEvent(LATE, "办公室", "x", "没有人弃权")])
    [tried] = try_erasures(finished.desk, finished.office, [child])
    assert tried.found is not None
    assert {(n, f"文书{n}") for n in (second.id, third.id)} <= set(tried.found.above)
    assert first.id not in {number for number, _ in tried.found.above}
    ask_erasures(finished.desk, finished.office, [child], "期满")
    finished.sweep()
    with finished.store.read() as tx:
        assert tx.documents.get(first.id).content == {"paragraphs": ["外甥没有异议"]}
        assert tx.documents.get(first.id).sha256 == first.sha256
        assert tx.documents.get(second.id).erased_at is not None
        assert "没有人弃权" in {event.text for event in tx.history.select(case_id=1)}


def test_a_refusal_keeps_no_title_and_who_is_recused_sees_no_erasure(finished: Finished) -> None:
    child = max(finished.due())
    ask_erasures(finished.desk, finished.office, [1, 2], "期满")
    with finished.store.write() as tx:
        tx.cases.save(tx.cases.lock(child), status="running", title="王五的举报")
    finished.sweep()
    with finished.store._engine.connect() as db:
        [kept] = db.execute(sa.text("select found from erasure where state = 'refused' and case_id = 1")).scalars()
    assert f"办件{child}" in kept
    assert "王五" not in kept
    with finished.store.read() as tx:
        subject = tx.cases.get(2).subject_id
    assert subject is not None
    away = replace(finished.office, recused=frozenset((subject,)))
    assert {one.row.case_id for one in view_retention(finished.desk, away).erasures} == {1}
    assert {one.row.case_id for one in view_retention(finished.desk, finished.office).erasures} == {1, 2}


def test_secrets_take_drafts_and_states_before_moves_with_them_and_mails_no_state(finished: Finished) -> None:
    desk, child = finished.desk, 2
    with finished.store.write() as tx:
        before, person = tx.cases.get(child), finished.office.person_id or 0
        for ident in (1, child):
            tx.moves.insert_new(CaseMoveRow(mark=f"m{ident}", case_id=ident, verdict="moved", from_version=before.definition,
                            before=b"a whole state", at=LATE))  # fmt: skip
        tx.drafts.save(tx.tasks.select(case_id=child)[0].id, person, {"secret": "配方"}, LATE)
        erase_case(desk, tx, child, Wish(1, frozenset((MAILS, SHEETS)), "期满", finished.office))
        assert tx.cases.get(child).state == before.state
        assert states_before(tx) == [b"a whole state"] * 2
        found = erase_case(desk, tx, child, Wish(2, frozenset((SECRET,)), "期满", finished.office))
        assert found.rows["draft"] == 1
        assert states_before(tx) == [None, None]
        assert tx.cases.get(child).state != before.state


@pytest.mark.parametrize("part", [PERSONAL, SECRET, INTERNAL])
def test_a_file_of_a_form_that_was_never_sent_again_goes_with_the_drafts(finished: Finished, part: str) -> None:
    desk, child = finished.desk, 2
    sha256, size = finished.store.files.put("未提交的体检报告".encode())
    with finished.store.write() as tx:
        mine, other = tx.tasks.select(case_id=child)[0].id, tx.tasks.select(case_id=1)[0].id
        for ident, task in (("refused", mine), ("elsewhere", other)):
            tx.uploads.add(UploadRow(id=ident, task_id=task, field="papers", name="体检报告.pdf", kind="application/pdf", size=size,
                          sha256=sha256 if task == mine else "0" * 64, person_id=finished.office.person_id, at=LATE))  # fmt: skip
        erase_case(desk, tx, child, Wish(1, frozenset((MAILS, SHEETS)), "期满", finished.office))
        assert tx.uploads.get("refused").erased_at is None, "comments and mails take no draft with them"
        found = erase_case(desk, tx, child, Wish(2, frozenset((part,)), "期满", finished.office))
        assert sha256 in found.files
        assert (tx.uploads.get("refused").name, tx.uploads.get("refused").erased_at) == (ERASED, LATE)
        assert tx.uploads.get("elsewhere").erased_at is None


def states_before(tx: Transaction) -> list[bytes | None]:
    return list(tx._connection.scalars(sa.select(metadata.tables["case_move"].c.before)))


@pytest.mark.parametrize("point", ["erased-rows", "after-commit"])
def test_what_was_begun_goes_on_after_a_crash_and_other_cases_stay(finished: Finished, point: str) -> None:
    class Killed(Exception):
        pass

    def crash(name: str) -> None:
        if name == point:
            raise Killed

    before = [row for row in texts(finished.store) if row[0] == "form_result"]
    with finished.store.read() as tx:
        chosen = next(c for c in sorted(finished.due()) if tx.uploads.list_of_case(c) and tx.cases.get(c).parent_id)
        [sent, *_] = tx.uploads.list_of_case(chosen)
    ask_erasures(finished.desk, finished.office, [chosen], "期满")
    with finished.store.read() as tx:
        item = tx.work.find(effect_key="erasure:1")
    assert item is not None
    finished.store.crash_point = crash
    with pytest.raises(Killed):
        run_item(finished.desk, SYSTEM, item)
    finished.store.crash_point = lambda _name: None
    assert sent.sha256 in set(finished.store.files.names())
    finished.sweep()
    with finished.store.read() as tx:
        [row] = tx.erasures.select(case_id=chosen, state__ne="refused")
        assert (row.state, row.files) == ("done", [])
        assert [e.action for e in tx.history.select(case_id=chosen)].count(ERASURE) == 1
        others = {str(f.data) for n in range(1, 8) if n != chosen for f in tx.forms.of_case(n, taken_back=True)}
    assert others <= {text for _, text in before}
    assert faults(finished) == []


def test_nothing_is_erased_on_hold_until_a_person_resumed_it(finished: Finished) -> None:
    """Time alone says what is due, and what went by a wrong clock never comes back."""
    chosen = sorted(finished.due())
    ask_erasures(finished.desk, finished.office, chosen[:1], "期满")
    before = sorted(texts(finished.store))
    with finished.store.write() as tx:
        tx.operation.hold_for_clock(LATE - timedelta(days=9999), LATE)
    with pytest.raises(Conflict, match="暂停运行"):
        ask_erasures(finished.desk, finished.office, chosen[1:], "期满")
    assert try_erasures(finished.desk, finished.office, chosen[1:])
    finished.sweep()
    assert [row for row in sorted(texts(finished.store)) if row[0] != "hold"] == before
    resume_work(finished.desk, SYSTEM, 1, "与授时服务器核对无误")
    finished.sweep()
    with finished.store.read() as tx:
        assert [row.state for row in tx.erasures.select(case_id=chosen, state__ne="refused")] == ["done"]
    assert ask_erasures(finished.desk, finished.office, chosen[1:], "期满") == len(chosen) - 1


def test_who_may_and_what_has_to_wait(finished: Finished) -> None:
    stranger = replace(finished.office, seats=(replace(finished.office.seats[0], jurisdiction="elsewhere"),))
    with pytest.raises(NotAllowed):
        ask_erasures(finished.desk, stranger, sorted(finished.due()), "期满")
    with pytest.raises(Invalid, match="理由"):
        ask_erasures(finished.desk, finished.office, sorted(finished.due()), " ")
    child = max(finished.due())
    with finished.store.write() as tx:
        tx.cases.save(tx.cases.lock(child), status="running")
    [waiting] = [one for one in view_retention(finished.desk, finished.office).rounds[0].cases if one.case.id == 1]
    assert "还没有办结" in waiting.refusals[0].zh
    with pytest.raises(Conflict, match="还没有办结"):
        ask_erasures(finished.desk, finished.office, [1], "期满")


def test_a_winner_whose_title_is_valid_waits_for_its_end(finished: Finished) -> None:
    with finished.store.read() as tx:
        root = tx.cases.get(1)
        winner = next(c for c in tx.cases.tree(1) if c.subject_id is not None and c.process == "candidacy")
    assert root.ended_at is not None
    finished.desk = replace(finished.desk, clock=VirtualClock(root.ended_at + timedelta(days=800)))
    [due] = due_of(finished, winner.id)
    assert (due.kind, set(due.due)) == ("not_awarded", {"secret"})
    with finished.store.write() as tx:
        tx.awards.insert(AwardRow(jurisdiction=PLACE, award=root.award, tier="quality_award", body_id=winner.subject_id or 0,
                     round=root.title, decided_on=local_date(root.ended_at)))  # fmt: skip
        tx.retention_rules.insert(RetentionRuleRow(jurisdiction=PLACE, name="winner.personal", years=1, from_day=date(2026, 1, 1), reason="试",
                             at=root.ended_at))  # fmt: skip
    [due] = due_of(finished, winner.id)
    assert (due.kind, set(due.due)) == ("winner", {"personal"})
    assert re.match(r"所获称号有效期至\d{4}年\d{1,2}月\d{1,2}日，", due.refusals[0].zh)
    assert re.match(r"The title is valid until \d{1,2} [A-Z][a-z]{2} \d{4}:", due.refusals[0].en)


def due_of(finished: Finished, case: int) -> list[DueCase]:
    rounds = view_retention(finished.desk, finished.office).rounds
    return [one for each in rounds for one in each.cases if one.case.id == case]


def test_a_city_chooses_other_times_from_a_day_on(finished: Finished) -> None:
    desk, office, admin = finished.desk, finished.office, finished.admin
    with pytest.raises(NotAllowed):
        change_rules(desk, office, PLACE, {"any.mails": 3}, LATE.date(), "档案室意见")
    for years, day, reason in (({"any.mails": 0}, LATE.date(), "x"), ({"any.mails": 3}, date(2020, 1, 1), "x"),
                               ({"x": 3}, LATE.date(), "x"), ({"any.mails": 3}, LATE.date(), " "),
                               ({"any.mails": 5}, LATE.date(), "x")):  # fmt: skip
        with pytest.raises(Invalid):
            change_rules(desk, admin, PLACE, years, day, reason)
    assert change_rules(desk, admin, PLACE, {"any.mails": None}, LATE.date() + timedelta(days=1), "档案室意见") == 1
    assert any("mails" in parts for parts in finished.due().values())
    finished.clock.move_to(LATE + timedelta(days=2))
    assert not any("mails" in parts for parts in finished.due().values())


def _holds_words(kind: sa.types.TypeEngine[object]) -> bool:
    if isinstance(kind, Encrypted):
        return kind.kind is not Kind.BYTES and kind.length is None
    return isinstance(kind, sa.Text | sa.JSON)


def test_every_column_with_words_about_a_case_is_reached_or_named() -> None:
    of_cases = {t.name for t in metadata.sorted_tables if "case_id" in t.c or "ballot_id" in t.c or "panel_id" in t.c}
    unknown = of_cases - set(CONTENT) - set(KEPT)
    for name in sorted(unknown):
        wordy = [c.name for c in metadata.tables[name].c if _holds_words(c.type)]
        assert set(wordy) <= {"settings", "barrier"}, name
    for name, columns in CONTENT.items():
        wordy = {c.name for c in metadata.tables[name].c if _holds_words(c.type)}
        given = {
            "findable",
            "parameters",
            "call_path",
            "clauses",
            "recipients",
            "documents",
            "people",
            "excluded",
            "papers",
        }
        assert wordy - given <= set(columns), name


def test_both_databases_erase_and_are_written_anew(bench: Bench) -> None:
    desk, value = bench.desk, "张三丰"
    number = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": value}),
        (bench.office, {"decision": "fail", "reason": f"{value}未补材料"}),
    ):
        [task] = bench.tasks(number)
        complete_task(desk, actor, task.id, task.version, form)
    bench.drain()
    with desk.store.write() as tx:
        tx.cases.change(number, findable=findable_text([("reason", f"{value}未补材料")]))
        someone = tx.cases.get(number).subject_id or 0
        tx.bodies.change(someone, kind="individual")
    bench.clock.move_to(LATE)
    assert try_erasures(desk, bench.office, [number])[0].found is not None
    ask_erasures(desk, bench.office, [number], "期满")
    bench.drain()
    owner = Store(owner_address(desk.store), desk.store.files.root or Path())
    tidy_database(replace(desk, store=owner), SYSTEM)
    owner.close()
    assert [text for _, text in texts(desk.store) if value in text] == []
    with desk.store.read() as tx:
        assert tx.search.values(["testville"], "未补材料", (), 9) == ([], False)
        assert tx.cases.get(number).findable == "[]"
        assert tx.history.verify(number) is None
        body = tx.bodies.get(someone)
        assert (body.key, body.name, body.details, body.active) == (f"erased-{someone}", ERASED, {}, False)
