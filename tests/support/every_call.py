"""Every call a repository offers, made once on full tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from service.domain.audit.head import ChainHead
from service.domain.running.lanes import LANES
from service.domain.text import Text
from service.store import (
    CASE_ORDERS,
    NOTE_ORDERS,
    ORDERS,
    ActFilter,
    AuditEvent,
    CaseFilter,
    CasesBelow,
    DataKeys,
    KindOfCase,
    NewWork,
    Ordered,
    Place,
    StoredContent,
    TaskFilter,
    TasksBehind,
    TaskSeat,
    Transaction,
)
from service.store.rows import (
    ActRow,
    AlarmRow,
    ArchivePartRow,
    ArchiveRow,
    AwardRow,
    BallotRecusalRow,
    BallotRow,
    CalendarYearRow,
    CallRow,
    CaseMoveRow,
    CaseNoteRow,
    ClockHoldRow,
    DeputyRow,
    DocumentRow,
    DraftPresenceRow,
    DraftRevisionRow,
    EpochRow,
    ErasureRow,
    FilePageRow,
    FormResultRow,
    HealthLimitsRow,
    HeldSaveRow,
    InboxRow,
    IncidentRow,
    InstallationRow,
    InterventionBatchRow,
    MailRow,
    MarkedRequestRow,
    MembershipRow,
    MoveBatchRow,
    NoticeRow,
    OfficeLinkRow,
    OutsideIdentityRow,
    PackageDraftRow,
    PackageEventRow,
    PagedFileRow,
    PageNoteRow,
    PasskeyRow,
    PersonSettingRow,
    RatingRow,
    RecordingRow,
    RegistrationRow,
    ResultRow,
    RetentionRuleRow,
    RightsRequestRow,
    RollRow,
    SanctionRow,
    ScenarioResultRow,
    SessionRow,
    SettingRow,
    SignAskRow,
    SittingMemberRow,
    SittingRow,
    StudioJobRow,
    SubscriptionRow,
    UnfinishedUploadRow,
    UploadRow,
    WrongPasswordRow,
)
from tests.support import records

BOTH = (False, True)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
SEATS = (
    TaskSeat("j7", "r7", 8),
    TaskSeat("j7", "r7"),
    TaskSeat("*", "r9", 10),
    TaskSeat("j3", "*"),
    TaskSeat("j7", "r5", 8, 9),
)
MINE = TaskFilter(SEATS, 5)
EVENT = AuditEvent(NOW, "李", "accept", "受理")
_FRESH = count(10_000_000)
ACT = ActRow(
    chain="account", seq=0, at=NOW, jurisdiction="j7", actor="李", action="people.manage", previous="", hash=""
)
_WORDS = {"zh": "…", "en": "…"}
YEAR = CalendarYearRow(
    layer="cn", year=2027, title="通知", text="…", content="…", working_days=248, person_id=7, author="李", at=NOW
)
INSTALLATION = InstallationRow(files="x7", keys="x7", made_at=NOW)
ARCHIVE = ArchiveRow(case_id=7, jurisdiction="j7", title="…", full=True, purpose="p", cases=7, begun_at=NOW)
REGISTRATION = RegistrationRow(
    jurisdiction="j7", body_id=7, name="…", code="x7", contact="李", telephone="1", email="a@b.cn", at=NOW
)
RIGHTS = RightsRequestRow(
    kind="give", person_id=7, place="j7", jurisdiction="j7", role="r7", body_id=7, asked_by=8, asked_role="r8",
    asked_at=NOW, until=NOW + timedelta(days=7),
)  # fmt: skip
IDENTITY = OutsideIdentityRow(mark="m7", provider="p7", seen_at=NOW, code="c7", person_id=7)
LINK = OfficeLinkRow(role="r7", token="x7", made_at=NOW, until=NOW)
PASSKEY = PasskeyRow(person_id=7, credential="x7", public_key="x7", name="…", created_at=NOW)
MEMBERSHIP = MembershipRow(id=7, person_id=7, body_id=7, jurisdiction="j7", role="r7", since=NOW)
DEPUTY = DeputyRow(
    person_id=7, deputy_id=8, membership_id=7, since=NOW, until=NOW + timedelta(days=3), reason="…", made_at=NOW
)
RECORDED = RecordingRow(draft_id=7, person_id=7, script="…", version="x7", at=NOW)

Call = Callable[[Transaction], object]

NO_KEYS = DataKeys(Path("no-keys"))

CALLS: Mapping[str, Call] = {
    "cases.insert": lambda tx: records.case(tx, definition="x1"),
    "cases.get": lambda tx: tx.cases.get(7),
    "rights.add": lambda tx: tx.rights.add(RIGHTS),
    "rights.get": lambda tx: tx.rights.get(7),
    "rights.listed": lambda tx: [tx.rights.listed(places, 99, 20) for places in (["j7"], None)],
    "rights.count_waiting": lambda tx: [tx.rights.count_waiting(places, NOW) for places in (["j7"], None)],
    "rights.waiting_of": lambda tx: tx.rights.waiting_of(7),
    "rights.asked_in": lambda tx: tx.rights.asked_in(7),
    "rights.last_password": lambda tx: tx.rights.last_password(7),
    "rights.decide": lambda tx: tx.rights.decide(7, state="refused"),
    "rights.forget_lapsed": lambda tx: tx.rights.forget_lapsed(NOW),
    "rights.offer": lambda tx: tx.rights.offer(replace(LINK, token=f"t{next(_FRESH)}")),
    "rights.holders": lambda tx: tx.rights.holders("r7", NOW),
    "rights.open_link": lambda tx: tx.rights.open_link("r7", NOW),
    "rights.link": lambda tx: tx.rights.link("x7"),
    "rights.use_link": lambda tx: tx.rights.use_link(7, 7, NOW),
    "passkeys.of": lambda tx: tx.passkeys.of(7),
    "passkeys.of_people": lambda tx: tx.passkeys.of_people([7, 8]),
    "passkeys.by_credential": lambda tx: tx.passkeys.by_credential("x7"),
    "passkeys.add": lambda tx: tx.passkeys.add(replace(PASSKEY, credential=f"c{next(_FRESH)}")),
    "passkeys.rename": lambda tx: tx.passkeys.rename(7, 7, "x"),
    "passkeys.remove": lambda tx: tx.passkeys.remove(99, 7),
    "passkeys.remove_all": lambda tx: tx.passkeys.remove_all(99),
    "passkeys.take_counter": lambda tx: tx.passkeys.take_counter(7, 8, NOW),
    "passkeys.take_challenge": lambda tx: tx.passkeys.take_challenge(f"m{next(_FRESH)}", NOW, NOW),
    "outside_identities.get": lambda tx: tx.outside_identities.get("m7"),
    "outside_identities.by_code": lambda tx: tx.outside_identities.by_code("c7"),
    "outside_identities.with_person": lambda tx: tx.outside_identities.with_person(7),
    "outside_identities.of": lambda tx: tx.outside_identities.of(7),
    "outside_identities.wait": lambda tx: tx.outside_identities.wait(
        replace(IDENTITY, mark=f"m{next(_FRESH)}", code=f"c{next(_FRESH)}"), NOW
    ),
    "outside_identities.link": lambda tx: tx.outside_identities.link(
        replace(IDENTITY, mark=f"m{next(_FRESH)}", code=None)
    ),
    "outside_identities.seen": lambda tx: tx.outside_identities.seen("m7", NOW, []),
    "outside_identities.remove": lambda tx: tx.outside_identities.remove("m7", 7),
    "second_factors.of": lambda tx: tx.second_factors.of(7),
    "second_factors.offer": lambda tx: tx.second_factors.offer(7, "s7"),
    "second_factors.confirm": lambda tx: tx.second_factors.confirm(7, "s7", 7, NOW, [f"m{next(_FRESH)}"]),
    "second_factors.take_step": lambda tx: tx.second_factors.take_step(7, "s7", 8),
    "second_factors.take_recovery": lambda tx: tx.second_factors.take_recovery(7, "x7"),
    "second_factors.renew_recovery": lambda tx: tx.second_factors.renew_recovery(7, [f"m{next(_FRESH)}"]),
    "second_factors.recovery_left": lambda tx: tx.second_factors.recovery_left(7),
    "second_factors.remove": lambda tx: tx.second_factors.remove(99),
    "cases.definitions_of": lambda tx: tx.cases.definitions_of([7, 8]),
    "cases.places_of": lambda tx: tx.cases.places_of([7, 8]),
    "search.note_findable": lambda tx: tx.search.note_findable(7, '[[7,"x7","x77"]]'),
    "cases.titles": lambda tx: tx.cases.titles([7, 8]),
    "cases.around": lambda tx: tx.cases.around(7),
    "cases.of_task": lambda tx: tx.cases.of_task(10),
    "cases.lock": lambda tx: tx.cases.lock(7),
    "cases.numbers_after": lambda tx: [
        tx.cases.numbers_after(7, 10, one) for one in (None, CaseFilter(["j7"], live=True))
    ],
    "cases.save": lambda tx: tx.cases.save(tx.cases.get(7), title="新"),
    "cases.roots": lambda tx: tx.cases.roots("j7", "x7", "p1"),
    "cases.children": lambda tx: tx.cases.children(7, "p1"),
    "cases.tree": lambda tx: tx.cases.tree(7),
    "cases.bodies_in_tree": lambda tx: tx.cases.bodies_in_tree(7, "individual"),
    "cases.find_joined": lambda tx: tx.cases.find_joined(7, "p1", "partner", 9),
    "cases.find_live": lambda tx: [tx.cases.find_live(parent, "p1", 9) for parent in (7, None)],
    "cases.running_by_definition": lambda tx: tx.cases.running_by_definition("j7"),
    "cases.all_by_definition": lambda tx: tx.cases.all_by_definition("j7"),
    "cases.running_under": lambda tx: tx.cases.running_under("j7", "x7"),
    "cases.search": lambda tx: [tx.cases.search(one) for one in CASES],
    "cases.search_ids": lambda tx: [tx.cases.search_ids(one, 1000) for one in CASES],
    "cases.arranged": lambda tx: [
        tx.cases.arranged([7, 8], Ordered(by, down), 40) for by in CASE_ORDERS for down in BOTH
    ],
    "cases.count": lambda tx: [tx.cases.count(one) for one in CASES],
    "cases.under": lambda tx: tx.cases.under("j7", "x7", "x8", 7, 50),
    "cases.behind": lambda tx: tx.cases.behind("j7", "x7", "x8", 7, 50),
    "cases.count_behind": lambda tx: tx.cases.count_behind("j7", "x7", "x8"),
    "cases.stored_states": lambda tx: tx.cases.stored_states(7, 50),
    "cases.parties": lambda tx: tx.cases.parties(7),
    "cases.bind": lambda tx: tx.cases.bind(7, "new", 9),
    "cases.unbind": lambda tx: tx.cases.unbind(7, "new", 9),
    "cases.visits": lambda tx: tx.cases.visits(7),
    "cases.add_visits": lambda tx: tx.cases.add_visits(7, [("A", "b")], NOW),
    "cases.subscriptions": lambda tx: tx.cases.subscriptions(7),
    "register.watchers": lambda tx: [tx.register.watchers(bodies) for bodies in ([9], [])],
    "cases.replace_subscriptions": lambda tx: tx.cases.replace_subscriptions(
        7, [SubscriptionRow(case_id=7, engine_id="e", process_id="A", element="b", message="m")], ["x7"]
    ),
    "tasks.insert_many": lambda tx: tx.tasks.insert_many([records.task(7)]),
    "tasks.with_locked_case": lambda tx: tx.tasks.with_locked_case(10),
    "tasks.get": lambda tx: tx.tasks.get(10),
    "tasks.lock": lambda tx: tx.tasks.lock(10),
    "log.newest_event": lambda tx: tx.log.newest_event(),
    "log.may_be_rewritten": lambda tx: tx.log.may_be_rewritten(),
    "log.ends_since": lambda tx: tx.log.ends_since(499_000),
    "log.lost_ends": lambda tx: tx.log.lost_ends([ChainHead("case 7", 3, ""), ChainHead("book account", 1, "")]),
    "log.events": lambda tx: [list(tx.log.events(b"", cases)) for cases in ([7, 8], None)],
    "log.rows": lambda tx: [list(tx.log.rows(["score_sheet", "membership"], cases)) for cases in ([7, 8], None)],
    "log.row": lambda tx: tx.log.row("score_sheet:7"),
    "log.drop_salts": lambda tx: tx.log.drop_salts([7, 8], ["score_sheet:7"]),
    "epochs.every": lambda tx: tx.epochs.every(),
    "acts.append": lambda tx: tx.acts.append(ACT),
    "acts.heads": lambda tx: tx.acts.heads(),
    "acts.verify": lambda tx: tx.acts.verify("account"),
    "acts.newest_of": lambda tx: tx.acts.newest_of("operation", "records.verify"),
    "acts.settled": lambda tx: tx.acts.settled(),
    "acts.refused_since": lambda tx: tx.acts.refused_since(NOW),
    "acts.after": lambda tx: tx.acts.after(7, 20),
    "acts.search": lambda tx: [
        tx.acts.search(ActFilter(places, "account", "赵", 7, NOW, NOW)) for places in (["j7"], None)
    ],
    "history.with_changes": lambda tx: tx.history.with_changes(7, 20, 900),
    "tasks.open_of_case": lambda tx: tx.tasks.open_of_case(7),
    "tasks.of_case": lambda tx: tx.tasks.of_case(7),
    "tasks.note_opened": lambda tx: tx.tasks.note_opened(10, NOW),
    "tasks.update": lambda tx: tx.tasks.update(10, 10, title="新"),
    "tasks.cancel": lambda tx: tx.tasks.cancel([20, 30], NOW),
    "tasks.list": lambda tx: [tx.tasks.list(one, (NOW, 7)) for one in TASKS],
    "tasks.counts": lambda tx: tx.tasks.counts(MINE),
    "tasks.count": lambda tx: [tx.tasks.count(one) for one in (MINE, TaskFilter(SEATS, 5, jurisdiction="j7"))],
    "tasks.facets": lambda tx: [tx.tasks.facets(one, [NOW, NOW]) for one in TASKS],
    "tasks.ordered": lambda tx: [tx.tasks.ordered(one, Ordered(by), 41) for one in TASKS for by in ORDERS],
    "tasks.done": lambda tx: [
        tx.tasks.done(TaskFilter(person_id=5, state="done"), (NOW, 7), 41, oldest=oldest) for oldest in BOTH
    ],
    "tasks.done_ids": lambda tx: tx.tasks.done_ids(TaskFilter(person_id=5, state="done"), 1000),
    "tasks.arranged": lambda tx: [tx.tasks.arranged([7, 8], Ordered(by, down), 40) for by in ORDERS for down in BOTH],
    "tasks.count_each": lambda tx: tx.tasks.count_each(TASKS),
    "tasks.count_with_signs_and_notes": lambda tx: [
        tx.tasks.count_with_signs_and_notes(lists, 5, recused) for lists in ([MINE], TASKS) for recused in ((), (3,))
    ],
    "tasks.count_supervised": lambda tx: tx.tasks.count_supervised(["j7", "j3"], [(NOW, NOW), (NOW, NOW)]),
    "tasks.count_besides": lambda tx: tx.tasks.count_besides([MINE], ["j7"]),
    "tasks.due_by_kind": lambda tx: tx.tasks.due_by_kind(["j7"], NOW, NOW),
    "tasks.holders": lambda tx: tx.tasks.holders(["j7"]),
    "tasks.held": lambda tx: tx.tasks.held(["j7"], 5),
    "durations.standing": lambda tx: [tx.durations.standing(Place("j7", "x7", v), NOW) for v in (None, "x7")],
    "durations.awaited": lambda tx: tx.durations.awaited(Place("j7", "x7", "x7")),
    "durations.since": lambda tx: tx.durations.since(Place("j7", "x7"), {"x7": [0, 2]}),
    "durations.waiting_since": lambda tx: tx.durations.waiting_since(
        Place("j7", "x7", "x7"), {"x7": (1, 0), "x8": (0, 1)}, lambda n: (0, n)
    ),
    "durations.newest_open": lambda tx: tx.durations.newest_open(Place("j7", "x7"), ["x7"]),
    "durations.tasks": lambda tx: tx.durations.tasks([7]),
    "durations.newest_timers": lambda tx: tx.durations.newest_timers(Place("j7", "x7", "x7"), ["x7"]),
    "durations.ages": lambda tx: tx.durations.ages(Place("j7", "x7"), ["x7", "x8"], [NOW, NOW]),
    "durations.tasks_behind": lambda tx: [
        tx.durations.tasks_behind(Place("j7", "x7", version), one, before, 9)
        for version in (None, "x7")
        for before in (70, None)
        for one in (
            TasksBehind("x7", late=NOW),
            TasksBehind("x7", NOW, NOW),
            TasksBehind(came=(NOW, NOW)),
            TasksBehind("x7", recused=[3]),
        )
    ],
    "durations.stood": lambda tx: [tx.durations.stood(Place("j7", "x7", v), NOW) for v in (None, "x7")],
    "durations.cases_of": lambda tx: tx.durations.cases_of("j7", "x7", ["p1"], None, NOW, 9_000),
    "durations.visits_of": lambda tx: tx.durations.visits_of([7, 8]),
    "durations.tasks_of": lambda tx: tx.durations.tasks_of([7, 8]),
    "calls.open_of_case": lambda tx: tx.calls.open_of_case(7),
    "calls.enter": lambda tx: tx.calls.enter([CALL]),
    "calls.leave": lambda tx: tx.calls.leave(7, [("x7", "x7")], NOW),
    "calls.rename": lambda tx: tx.calls.rename(CALL, "y7"),
    "calls.standing": lambda tx: [tx.calls.standing(Place("j7", "x7", v)) for v in (None, "x7")],
    "calls.since": lambda tx: tx.calls.since(Place("j7", "x7"), {"x7": (0, 1)}),
    "calls.left": lambda tx: [tx.calls.left(Place("j7", "x7", v), NOW) for v in (None, "x7")],
    "calls.behind": lambda tx: [
        tx.calls.behind(Place("j7", "x7", version), TasksBehind("x7", since, recused=[7]), 9, 50)
        for version in (None, "x7")
        for since in (None, NOW)
    ],
    "calls.cases_at": lambda tx: [tx.calls.cases_at(Place("j7", "x7", v), ["x7"]) for v in (None, "x7")],
    "tallies.by_element": lambda tx: tx.tallies.by_element(["j7"]),
    "tallies.inside": lambda tx: tx.tallies.inside(["j7"]),
    "tallies.totals": lambda tx: tx.tallies.totals(["j7"], date(2026, 2, 1)),
    "tallies.by_kind": lambda tx: tx.tallies.by_kind(["j7"], date(2026, 2, 1)),
    "tallies.by_role": lambda tx: tx.tallies.by_role(["j7"]),
    "tallies.by_day": lambda tx: tx.tallies.by_day(["j7"], date(2026, 2, 1), date(2026, 2, 8)),
    "tallies.by_week": lambda tx: tx.tallies.by_week(["j7"], date(2026, 2, 1)),
    "tallies.many_changes": lambda tx: tx.tallies.many_changes(),
    "tallies.fold": lambda tx: tx.tallies.fold(),
    "tallies.recount": lambda tx: tx.tallies.recount(),
    "soundness.left_over": lambda tx: tx.soundness.left_over(9),
    "soundness.doubled_effects": lambda tx: tx.soundness.doubled_effects(9),
    "soundness.half_done": lambda tx: tx.soundness.half_done(9),
    "soundness.document_files": lambda tx: tx.soundness.document_files(7, 9),
    "soundness.upload_files": lambda tx: tx.soundness.upload_files("x7", 9),
    "soundness.facts_after": lambda tx: tx.soundness.facts_after(7, 9),
    "soundness.wrong_sums": lambda tx: tx.soundness.wrong_sums(9),
    "soundness.astray": lambda tx: tx.soundness.astray(9),
    "soundness.misnamed": lambda tx: tx.soundness.misnamed(9),
    "soundness.unused_values": lambda tx: tx.soundness.unused_values(7, 9),
    "soundness.not_found": lambda tx: list(tx.soundness.not_found(9)),
    "soundness.count_anew": lambda tx: tx.soundness.count_anew(),
    "epochs.any": lambda tx: tx.epochs.any(),
    "epochs.begun_after": lambda tx: tx.epochs.begun_after(NOW),
    "history.newest_at": lambda tx: tx.history.newest_at(),
    "cases.belongings": lambda tx: tx.cases.belongings(7),
    "people.called": lambda tx: tx.people.called([7], [8]),
    "search.bodies": lambda tx: tx.search.bodies(["j7", "j8"], "x77", [3], 9),
    "search.too_common": lambda tx: tx.search.too_common("body", "x77"),
    "search.people": lambda tx: [tx.search.people(["j7"], "x77", 9, named=named) for named in (True, False)],
    "search.with_cases": lambda tx: tx.search.with_cases([7, 8], ["j7"]),
    "search.documents": lambda tx: [
        tx.search.documents(replace(one, text="x7"), 9)
        for one in (CaseFilter(["j7"]), CaseFilter(body_id=7), CaseFilter(body_id=7, begun_by=7))
    ],
    "search.ballots": lambda tx: tx.search.ballots(CaseFilter(["j7"], text="x7", recused=[3]), 9),
    "search.values": lambda tx: [
        tx.search.values(["j7", "j8"], text, recused, 9, facts)
        for text, recused, facts in (("x77", (), None), ("x77", [3], ["x7"]), ("", [3], ["x7", "x8"]))
    ],
    "search.with_work": lambda tx: [
        tx.search.with_work(["j7"], ["mail", "timer"], recused, 9) for recused in ((), [3])
    ],
    "search.files": lambda tx: [tx.search.files(["j7", "j8"], "x7", recused, 9) for recused in ((), [3])],
    "search.work_numbered": lambda tx: tx.search.work_numbered(70, ["j7"], [3]),
    "search.versions_at": lambda tx: tx.search.versions_at("j7", "p7", "e7"),
    "board.waits": lambda tx: tx.board.waits([7, 8]),
    "search.held_by": lambda tx: tx.search.held_by([7, 8], ["j7"], [3]),
    "tasks.new_since": lambda tx: tx.tasks.new_since(MINE, 99_000),
    "tasks.newest": lambda tx: tx.tasks.newest(),
    "ballots.insert": lambda tx: tx.ballots.insert(BallotRow(**BALLOT)),
    "ballots.get": lambda tx: tx.ballots.get(7),
    "ballots.lock": lambda tx: tx.ballots.lock(7),
    "ballots.with_box": lambda tx: tx.ballots.with_box("b7"),
    "ballots.uncounted": lambda tx: tx.ballots.uncounted(),
    "ballots.case_status": lambda tx: tx.ballots.case_status(7),
    "ballots.of_case": lambda tx: tx.ballots.of_case(7),
    "ballots.update": lambda tx: tx.ballots.update(7, state="closed"),
    "ballots.add_roll": lambda tx: tx.ballots.add_roll(
        [RollRow(ballot_id=7, number=500_000, name="n", weight=1, receipt="r")]
    ),
    "ballots.roll": lambda tx: tx.ballots.roll(7),
    "ballots.member": lambda tx: tx.ballots.member(7, 7, [7, 8]),
    "ballots.marked_weight": lambda tx: tx.ballots.marked_weight(7),
    "ballots.mark": lambda tx: tx.ballots.mark(7, [7], 1),
    "ballots.recuse": lambda tx: tx.ballots.recuse(
        BallotRecusalRow(ballot_id=7, number=7, candidate="c", reason="r", declared=True)
    ),
    "ballots.recusals": lambda tx: [tx.ballots.recusals(7, number) for number in (7, None)],
    "ballots.finish_tasks": lambda tx: tx.ballots.finish_tasks([10, 20], "done"),
    "ballots.insert_result": lambda tx: tx.ballots.insert_result(
        ResultRow(
            ballot_id=tx.ballots.insert(BallotRow(**BALLOT)), outcome={}, record={}, fingerprint="f", counted_at=NOW
        )
    ),
    "ballots.result": lambda tx: tx.ballots.result(7),
    "ballots.update_result": lambda tx: tx.ballots.update_result(7, outcome={}),
    "forms.insert": lambda tx: tx.forms.insert(FormResultRow(case_id=7, element="a", form="f", data={}, at=NOW)),
    "forms.keep_at_hand": lambda tx: tx.forms.keep_at_hand(7, []),
    "forms.of_case": lambda tx: tx.forms.of_case(7, "x7"),
    "forms.of_person": lambda tx: [tx.forms.of_person(7, before, 100) for before in (None, 7)],
    "forms.of_person_by_form": lambda tx: tx.forms.of_person_by_form(7, "x7", 100),
    "forms.for_tasks": lambda tx: tx.forms.for_tasks([7, 8]),
    "forms.mark_taken_back": lambda tx: tx.forms.mark_taken_back(7, NOW),
    "forms.save_draft": lambda tx: tx.forms.save_draft(7, 7, {}, NOW),
    "forms.draft": lambda tx: tx.forms.draft(7, 7),
    "forms.drafts": lambda tx: tx.forms.drafts(7),
    "forms.drop_draft": lambda tx: tx.forms.drop_draft(7, 7),
    "uploads.insert": lambda tx: tx.uploads.insert(
        UploadRow(id="new", field="a", name="b", kind="c", size=1, sha256="d", person_id=1, at=NOW)
    ),
    "uploads.of_person": lambda tx: tx.uploads.of_person(7, 0, 100),
    "uploads.get": lambda tx: tx.uploads.get("x7"),
    "file_pages.file": lambda tx: tx.file_pages.file("x7"),
    "file_pages.between": lambda tx: tx.file_pages.between("x7", 1, 50),
    "file_pages.against": lambda tx: tx.file_pages.against(["x7", "x8"]),
    "file_pages.is_kept": lambda tx: tx.file_pages.is_kept("x7"),
    "file_pages.keep": lambda tx: tx.file_pages.keep(
        PagedFileRow(sha256="n7", pages=1, made_at=NOW),
        [FilePageRow(sha256="n7", page=1, kind="image/png", width=1, height=1, picture="p7", text="文")],
    ),
    "file_pages.forget": lambda tx: tx.file_pages.forget(["n7", "x7"]),
    "file_pages.after": lambda tx: tx.file_pages.after("x7", 7, 50),
    "file_pages.alone": lambda tx: tx.file_pages.alone("x7", 50),
    "page_notes.add": lambda tx: tx.page_notes.add(
        PageNoteRow(case_id=7, upload_id="x7", page=1, words="记", person_id=7, at=NOW)
    ),
    "page_notes.get": lambda tx: tx.page_notes.get(7),
    "page_notes.own": lambda tx: tx.page_notes.own(7, 7, 50),
    "page_notes.remove": lambda tx: tx.page_notes.remove(7, NOW),
    "uploads.bytes_of_case": lambda tx: tx.uploads.bytes_of_case(7),
    "uploads.of_case": lambda tx: tx.uploads.of_case(7),
    "uploads.claim": lambda tx: tx.uploads.claim(["x7", "x8"], 7, 7),
    "uploads.remove_unclaimed": lambda tx: tx.uploads.remove_unclaimed("x7", NOW),
    "uploads.never_claimed": lambda tx: tx.uploads.never_claimed("x7"),
    "uploads.unclaimed_bytes": lambda tx: tx.uploads.unclaimed_bytes(),
    "uploads.shares_content": lambda tx: tx.uploads.shares_content("x7", "x7"),
    "unfinished_uploads.insert": lambda tx: tx.unfinished_uploads.insert(
        UnfinishedUploadRow(id="new", field="a", name="b", size=1, max_bytes=1, accept=[], person_id=1, at=NOW)
    ),
    "unfinished_uploads.get": lambda tx: tx.unfinished_uploads.get("x7"),
    "unfinished_uploads.lock": lambda tx: tx.unfinished_uploads.lock("x7"),
    "unfinished_uploads.extend": lambda tx: tx.unfinished_uploads.extend("x7", 7, 7, []),
    "unfinished_uploads.finish": lambda tx: tx.unfinished_uploads.finish("x7", "x8"),
    "unfinished_uploads.count_open": lambda tx: tx.unfinished_uploads.count_open(7),
    "unfinished_uploads.public_bytes": lambda tx: tx.unfinished_uploads.public_bytes(),
    "unfinished_uploads.remove": lambda tx: tx.unfinished_uploads.remove("x7"),
    "receipts.bytes_sent": lambda tx: tx.receipts.bytes_sent("bytes", "x7", NOW),
    "uploads.remove": lambda tx: tx.uploads.remove("x7", NOW),
    "findings.replace": lambda tx: tx.findings.replace(7, "x7", []),
    "findings.current": lambda tx: tx.findings.current(7),
    "findings.history": lambda tx: tx.findings.history(7),
    "board.stamps": lambda tx: [tx.board.stamps(below) for below in BELOW],
    "board.counts": lambda tx: [tx.board.counts((7, 8), below) for below in BELOW],
    "board.parents": lambda tx: [tx.board.parents((7, 8), below) for below in BELOW],
    "board.cases": lambda tx: [tx.board.cases(below, "p7") for below in BELOW],
    "board.came": lambda tx: [tx.board.came(below, "p7", ["e7", "e8"]) for below in BELOW],
    "board.tasks": lambda tx: [tx.board.tasks(below) for below in BELOW],
    "board.timers": lambda tx: [tx.board.timers(below) for below in BELOW],
    "board.beside": lambda tx: [tx.board.beside(below) for below in BELOW],
    "board.answers": lambda tx: [tx.board.answers(below, "f7") for below in BELOW],
    "notices.insert": lambda tx: tx.notices.insert(NoticeRow(**NOTICE)),
    "notices.get": lambda tx: tx.notices.get(7),
    "notices.lock": lambda tx: tx.notices.lock(7),
    "notices.update": lambda tx: tx.notices.update(7, closed_at=NOW),
    "notices.of_case": lambda tx: tx.notices.of_case(7),
    "notices.made_public": lambda tx: tx.notices.made_public([7, 8]),
    "notices.public": lambda tx: [
        tx.notices.public(j, running, before=(NOW, 7)) for j in ("j7", None) for running in (True, False)
    ],
    "notices.found": lambda tx: [tx.notices.found(["示范"], places, 30, 900) for places in (["j7"], ["j7", "j8"])],
    "notices.ending": lambda tx: tx.notices.ending(
        ["j7"], date(2026, 2, 1), date(2026, 2, 8), 100, (date(2026, 2, 2), 7)
    ),
    "notices.count_ending": lambda tx: tx.notices.count_ending(["j7"], date(2026, 2, 1), date(2026, 2, 8)),
    "notices.count_objections": lambda tx: tx.notices.count_objections(7),
    "documents.insert": lambda tx: tx.documents.insert(
        DocumentRow(jurisdiction="j", case_id=7, template="t", title="t", content={}, issued_at=NOW)
    ),
    "documents.get": lambda tx: tx.documents.get(7),
    "documents.of_case": lambda tx: tx.documents.of_case(7),
    "documents.files_of": lambda tx: tx.documents.files_of(7),
    "documents.mark_produced": lambda tx: tx.documents.mark_produced(7, "a", 1, NOW),
    "documents.mark_printed": lambda tx: tx.documents.mark_printed(7, "a", 1),
    "register.awards": lambda tx: tx.register.awards(7),
    "register.sanctions": lambda tx: tx.register.sanctions(7),
    "register.insert_award": lambda tx: tx.register.insert_award(
        AwardRow(jurisdiction="j", award="a", tier="t", body_id=7, round="r", decided_on=date(2026, 1, 1))
    ),
    "register.award": lambda tx: tx.register.award(7),
    "register.holders": lambda tx: tx.register.holders([7, 8]),
    "register.add_holder": lambda tx: tx.register.add_holder(7, 8, "partner"),
    "register.pass_on": lambda tx: [tx.register.pass_on(7, 8, date(2026, 1, 1), partner) for partner in (None, 9)],
    "register.insert_sanction": lambda tx: tx.register.insert_sanction(
        SanctionRow(
            jurisdiction="j", body_id=7, ground="g", effect="e", decided_on=date(2026, 1, 1), from_day=date(2026, 1, 1)
        )
    ),
    "register.revoke_award": lambda tx: tx.register.revoke_award(7, date(2026, 1, 1)),
    "register.add_details": lambda tx: tx.register.add_details(7, {"a": 1}),
    "register.conferred": lambda tx: tx.register.conferred("j7", "x7", date(2026, 1, 1)),
    "register.public": lambda tx: [
        tx.register.public(j, before=(date(2026, 2, 1), 7), named=named)
        for j in ("j7", None)
        for named in ((), ("示范",))
    ],
    "settings.insert": lambda tx: tx.settings.insert(SettingRow(**SETTING)),
    "requests.begin": lambda tx: tx.requests.begin(MarkedRequestRow(key="k" * 64, content="c" * 64, at=NOW)),
    "requests.get": lambda tx: tx.requests.get("x7"),
    "requests.answer": lambda tx: tx.requests.answer("x7", 200, {}),
    "requests.forget": lambda tx: tx.requests.forget("x7"),
    "requests.forget_before": lambda tx: tx.requests.forget_before(NOW),
    "settings.packages": lambda tx: tx.settings.packages(),
    "settings.of_package": lambda tx: tx.settings.of_package("x7"),
    "settings.of_parameter": lambda tx: tx.settings.of_parameter(["x7", "x8"], "x7"),
    "people.person": lambda tx: tx.people.person(7),
    "people.by_login": lambda tx: tx.people.by_login("x7"),
    "people.by_logins": lambda tx: tx.people.by_logins(["x7", "x8"]),
    "role_holders.of_role": lambda tx: tx.role_holders.of_role("j7", "r7", NOW),
    "role_holders.seated": lambda tx: tx.role_holders.seated("j7", ["office"], [7, 8], NOW),
    "case_notes.add": lambda tx: tx.case_notes.add(
        CaseNoteRow(case_id=7, kind="note", person_id=7, words="批注", at=NOW)
    ),
    "case_notes.get": lambda tx: tx.case_notes.get(7),
    "case_notes.of_case": lambda tx: tx.case_notes.of_case(7),
    "case_notes.unread": lambda tx: tx.case_notes.unread(7, 100),
    "case_notes.to_person": lambda tx: [
        tx.case_notes.to_person(7, before, 40, oldest=oldest) for before in (None, 7) for oldest in BOTH
    ],
    "case_notes.ids_to": lambda tx: tx.case_notes.ids_to(7, 1000),
    "case_notes.arranged": lambda tx: [
        tx.case_notes.arranged([7, 8], Ordered(by, down), 40) for by in NOTE_ORDERS for down in BOTH
    ],
    "signs.ask": lambda tx: tx.signs.ask(
        SignAskRow(case_id=7, task_id=7, kind="before", mode="all", needed=1, person_id=7, words="请签", at=NOW),
        [8],
        "open",
    ),
    "signs.get_ask": lambda tx: tx.signs.get_ask(7),
    "signs.get": lambda tx: tx.signs.get(7),
    "signs.of_task": lambda tx: tx.signs.of_task(7, 3),
    "signs.open_of_task": lambda tx: tx.signs.open_of_task(7),
    "signs.open_beside": lambda tx: tx.signs.open_beside([7, 8]),
    "signs.asked_beside": lambda tx: tx.signs.asked_beside([7, 8]),
    "signs.of_asks": lambda tx: tx.signs.of_asks([7, 8]),
    "signs.of_ask": lambda tx: tx.signs.of_ask(7),
    "signs.asked_of": lambda tx: [tx.signs.asked_of(7, out, 100) for out in ((), (8, 9))],
    "signs.given_by": lambda tx: [tx.signs.given_by(7, out, 20) for out in ((), (8, 9))],
    "signs.change_ask": lambda tx: tx.signs.change_ask(7, state="agreed"),
    "signs.say": lambda tx: tx.signs.say(7, "agree", "同意", NOW),
    "signs.pass_on": lambda tx: tx.signs.pass_on(7, ["open"], "dropped"),
    "signs.waiting": lambda tx: [tx.signs.waiting(7, recused) for recused in ((), (8, 9))],
    "case_notes.by_person": lambda tx: [tx.case_notes.by_person(7, before, 100) for before in (None, 7)],
    "case_notes.passed_on": lambda tx: [
        tx.case_notes.passed_on(7, recused, text, before, 41)
        for recused, text, before in (((), "", None), ((8,), "甲", 9))
    ],
    "case_notes.with_whom": lambda tx: tx.case_notes.with_whom([7, 8]),
    "case_notes.mark": lambda tx: tx.case_notes.mark(7, read_at=NOW),
    "rolls.of_voter": lambda tx: [tx.rolls.of_voter(7, [8], ["r7"], ["j7"], 30, before) for before in (None, 9)],
    "sittings.add": lambda tx: tx.sittings.add(
        SittingRow(
            jurisdiction="j7", case_id=7, role="r7", title="会议", room="一号", starts_at=NOW, made_at=NOW, made_by=7
        ),
        [SittingMemberRow(sitting_id=0, person_id=7, name="李", body="局")],
    ),
    "sittings.get": lambda tx: tx.sittings.get(7),
    "sittings.of_case": lambda tx: tx.sittings.of_case(7),
    "sittings.coming": lambda tx: tx.sittings.coming(7, ["p7"], NOW, 20),
    "sittings.calling": lambda tx: tx.sittings.calling(7, NOW),
    "sittings.calling_about": lambda tx: tx.sittings.calling_about(7, [7, 8]),
    "sittings.papers": lambda tx: tx.sittings.papers([7, 8]),
    "sittings.papers_around": lambda tx: tx.sittings.papers_around(7, 300),
    "sittings.members": lambda tx: tx.sittings.members(7),
    "sittings.lay": lambda tx: tx.sittings.lay(tx.sittings.get(7), [7]),
    "sittings.change": lambda tx: tx.sittings.change(7, tx.sittings.get(7).version, words="议定"),
    "sittings.note": lambda tx: tx.sittings.note(7, 7, state="present"),
    "ratings.rated": lambda tx: tx.ratings.rated([7, 8]),
    "ratings.of_case": lambda tx: tx.ratings.of_case(7),
    "ratings.add": lambda tx: tx.ratings.add(
        RatingRow(
            case_id=records.case(tx, definition="x1"),
            jurisdiction="j7",
            body_id=7,
            person_id=7,
            grade=5,
            words="",
            at=NOW,
        )
    ),
    "ratings.answer": lambda tx: tx.ratings.answer(7, "已整改", 7, NOW),
    "ratings.waiting": lambda tx: [tx.ratings.waiting(["j7"], 30, after) for after in (None, (NOW.date(), 7))],
    "ratings.count_waiting": lambda tx: tx.ratings.count_waiting(["j7"]),
    "ratings.listed": lambda tx: [tx.ratings.listed(["j7"], 30, before) for before in (None, (NOW, 7))],
    "ratings.counts": lambda tx: tx.ratings.counts(["j7"], NOW, NOW.date()),
    "people.named": lambda tx: tx.people.named([7, 8]),
    "people.everybody": lambda tx: [
        tx.people.everybody(after=7, text=words, body_id=body)
        for words, body in (("", None), ("李 ban", None), ("", 3))
    ],
    "people.insert_person": lambda tx: records.person(tx, "new"),
    "people.update_person": lambda tx: tx.people.update_person(7, name="新"),
    "people.body": lambda tx: tx.people.body(7),
    "people.body_by_key": lambda tx: tx.people.body_by_key("x7", "x7"),
    "people.bodies": lambda tx: [tx.people.bodies("x7", role) for role in ("r7", None)],
    "people.perhaps_doubled": lambda tx: tx.people.perhaps_doubled(["organisation"], 7, 9),
    "people.bodies_by_id": lambda tx: tx.people.bodies_by_id([7, 8]),
    "experts.recusals_about": lambda tx: tx.experts.recusals_about([7, 8], [7, 8]),
    "experts.entries_of": lambda tx: tx.experts.entries_of(7),
    "people.is_within": lambda tx: tx.people.is_within(7, ["j7"]),
    "people.organisations_known_in": lambda tx: tx.people.organisations_known_in("j7"),
    "people.organisations_within": lambda tx: [tx.people.organisations_within(places) for places in (["j7"], None)],
    "people.organisations_named": lambda tx: tx.people.organisations_named(["甲公司"]),
    "people.upsert_body": lambda tx: tx.people.upsert_body("j", "k", kind="k", name="n", roles=["a"]),
    "people.hold_roles": lambda tx: tx.people.hold_roles(7, "j", ["a"]),
    "people.memberships": lambda tx: tx.people.memberships(7, NOW),
    "people.memberships_of": lambda tx: tx.people.memberships_of([7, 8], NOW),
    "people.bodies_of": lambda tx: tx.people.bodies_of(["j7", "j8"]),
    "people.ever_held": lambda tx: tx.people.ever_held(7),
    "people.add_membership": lambda tx: tx.people.add_membership(
        MembershipRow(person_id=7, body_id=7, jurisdiction="new", role="r", since=NOW, until=None)
    ),
    "people.end_membership": lambda tx: tx.people.end_membership(7, NOW),
    "people.people_with": lambda tx: [tx.people.people_with("j7", "r7", body, NOW) for body in (7, None)],
    "people.people_of": lambda tx: tx.people.people_of(7, NOW),
    "preferences.chosen": lambda tx: tx.preferences.chosen(7, "x7", "x8"),
    "preferences.of_people": lambda tx: tx.preferences.of_people({7, 8}, "x7"),
    "preferences.keep": lambda tx: tx.preferences.keep(PersonSettingRow(person_id=7, key="k", value=[], at=NOW)),
    "registrations.add": lambda tx: tx.registrations.add(REGISTRATION),
    "registrations.take": lambda tx: tx.registrations.take(7, 7, "m7", NOW, state="taken"),
    "registrations.get": lambda tx: tx.registrations.get(7),
    "registrations.by_link": lambda tx: tx.registrations.by_link("x7"),
    "registrations.waiting": lambda tx: tx.registrations.waiting("x7", "j7"),
    "registrations.count_waiting": lambda tx: tx.registrations.count_waiting("j7"),
    "registrations.listed": lambda tx: tx.registrations.listed(["j7"], [7], 7, 50),
    "registrations.count_listed": lambda tx: tx.registrations.count_listed(["j7"], [7]),
    "registrations.decide": lambda tx: tx.registrations.decide(7, state="taken"),
    "registrations.use_link": lambda tx: tx.registrations.use_link("x7"),
    "registrations.erase": lambda tx: tx.registrations.erase(7, NOW, ["x7"]),
    "deputies.add": lambda tx: tx.deputies.add([DEPUTY]),
    "deputies.get": lambda tx: tx.deputies.get(7),
    "deputies.of_act": lambda tx: tx.deputies.of_act(DEPUTY),
    "deputies.crossing": lambda tx: tx.deputies.crossing([7, 8], NOW, NOW),
    "deputies.concerning": lambda tx: tx.deputies.concerning(7, 9),
    "deputies.of_places": lambda tx: [
        tx.deputies.of_places(places, 9, before) for places, before in ((["j7"], None), (None, None), (["j7"], 70))
    ],
    "deputies.colleagues": lambda tx: [tx.deputies.colleagues([7, 8], NOW, working=one) for one in (True, False)],
    "deputies.reached": lambda tx: [tx.deputies.reached("j7", "r7", body, NOW) for body in (7, None)],
    "deputies.standing_in": lambda tx: tx.deputies.standing_in(7, "j7", "r7", NOW),
    "deputies.end": lambda tx: tx.deputies.end([7], NOW, 7),
    "sessions.open": lambda tx: tx.people.sessions.open(
        SessionRow(id="new", csrf="c", created_at=NOW, seen_at=NOW, expires_at=NOW)
    ),
    "sessions.get": lambda tx: tx.people.sessions.get("x7"),
    "sessions.acting": lambda tx: tx.people.sessions.acting(7, NOW),
    "sessions.with_seats": lambda tx: tx.people.sessions.with_seats("x7", NOW, unread=True),
    "sessions.touch": lambda tx: tx.people.sessions.touch("x7", NOW, NOW),
    "sessions.update": lambda tx: tx.people.sessions.update("x7", csrf="d"),
    "sessions.close": lambda tx: tx.people.sessions.close("new"),
    "sessions.of_person": lambda tx: tx.people.sessions.of_person(7, NOW, 101),
    "sessions.ended": lambda tx: tx.people.sessions.ended(7, NOW),
    "sessions.close_ended": lambda tx: tx.people.sessions.close_ended(7, NOW),
    "sessions.close_others": lambda tx: tx.people.sessions.close_others(7, "x7"),
    "sessions.close_everybody": lambda tx: tx.people.sessions.close_everybody(),
    "sessions.close_all": lambda tx: tx.people.sessions.close_all(7),
    "sessions.wrong_passwords": lambda tx: tx.people.sessions.wrong_passwords("x7", NOW),
    "sessions.count_wrong_passwords": lambda tx: tx.people.sessions.count_wrong_passwords(
        WrongPasswordRow(mark="x7", count=2, last_at=NOW, forget_at=NOW)
    ),
    "sessions.forget_wrong_passwords": lambda tx: tx.people.sessions.forget_wrong_passwords("x7"),
    "sessions.prune": lambda tx: tx.people.sessions.prune(datetime(2020, 1, 1, tzinfo=UTC)),
    "package_drafts.insert": lambda tx: tx.package_drafts.insert(draft_row()),
    "package_drafts.get": lambda tx: tx.package_drafts.get(7),
    "package_drafts.brief": lambda tx: tx.package_drafts.brief(7),
    "package_drafts.change": lambda tx: tx.package_drafts.change(7, {"shared": True}),
    "package_drafts.note": lambda tx: tx.package_drafts.note(7, NOW, {"checked": {}}),
    "package_drafts.alive": lambda tx: tx.package_drafts.alive(),
    "package_drafts.append": lambda tx: tx.package_drafts.append(revision_row()),
    "package_drafts.newest": lambda tx: tx.package_drafts.newest(7),
    "package_drafts.revisions": lambda tx: [tx.package_drafts.revisions(7, before) for before in (None, 5)],
    "package_drafts.of_path": lambda tx: tx.package_drafts.of_path(7, "p7", 9),
    "package_drafts.with_hash": lambda tx: tx.package_drafts.with_hash(7, "p7", "x7"),
    "package_drafts.discarded": lambda tx: [tx.package_drafts.discarded(*one) for one in ((), (7, 9))],
    "package_drafts.authors": lambda tx: tx.package_drafts.authors(7),
    "package_drafts.held_at": lambda tx: tx.package_drafts.held_at(7, 9),
    "package_drafts.hold": lambda tx: tx.package_drafts.hold(HeldSaveRow(draft_id=7, person_id=7, path="p7", at=NOW)),
    "package_drafts.held": lambda tx: tx.package_drafts.held(7, 7),
    "package_drafts.held_by_all": lambda tx: tx.package_drafts.held_by_all(7),
    "package_drafts.move_held": lambda tx: tx.package_drafts.move_held(7, 7, 8),
    "package_drafts.release": lambda tx: tx.package_drafts.release(7),
    "package_drafts.meet": lambda tx: tx.package_drafts.meet(
        DraftPresenceRow(draft_id=7, person_id=7, name="李", path="p7", at=NOW)
    ),
    "package_drafts.present": lambda tx: tx.package_drafts.present(7, NOW),
    "package_events.insert": lambda tx: tx.package_events.insert(
        PackageEventRow(package="j7/a7", seq=999, at=NOW, actor="李", action="share", text="", previous="", hash="x")
    ),
    "package_events.last": lambda tx: tx.package_events.last("j7/a7"),
    "package_events.packages": lambda tx: tx.package_events.packages(),
    "package_events.of_package": lambda tx: tx.package_events.of_package("j7/a7"),
    "calendar_years.insert": lambda tx: tx.calendar_years.insert(YEAR),
    "calendar_years.get": lambda tx: tx.calendar_years.get(7),
    "calendar_years.change": lambda tx: tx.calendar_years.change(7, {"state": "withdrawn"}),
    "calendar_years.in_state": lambda tx: tx.calendar_years.in_state("proposed", "in_force"),
    "recordings.keep": lambda tx: tx.recordings.keep(RECORDED),
    "recordings.find": lambda tx: tx.recordings.find(7, 7),
    "recordings.drop": lambda tx: tx.recordings.drop(7, 7),
    "studio_jobs.begin": lambda tx: tx.studio_jobs.begin(job_row()),
    "studio_jobs.get": lambda tx: tx.studio_jobs.get(7),
    "studio_jobs.latest": lambda tx: tx.studio_jobs.latest(7, "x7"),
    "studio_jobs.latest_done": lambda tx: tx.studio_jobs.latest_done(7, "x7"),
    "studio_jobs.beat": lambda tx: tx.studio_jobs.beat(7, "x7", NOW, {"done": 1}),
    "studio_jobs.end": lambda tx: tx.studio_jobs.end(7, {"state": "done", "ended_at": NOW}),
    "studio_jobs.open_jobs": lambda tx: tx.studio_jobs.open_jobs(7),
    "studio_jobs.ahead": lambda tx: tx.studio_jobs.ahead(job_row()),
    "studio_jobs.stop": lambda tx: tx.studio_jobs.stop(7),
    "studio_jobs.interrupt": lambda tx: [tx.studio_jobs.interrupt(before) for before in (NOW, None)],
    "studio_jobs.keep_result": lambda tx: tx.studio_jobs.keep_result(scenario_result_row()),
    "studio_jobs.results": lambda tx: tx.studio_jobs.results(7),
    "studio_jobs.result": lambda tx: tx.studio_jobs.result(7, "x7"),
    "definitions.insert": lambda tx: records.definition(tx, "new"),
    "definitions.content": lambda tx: tx.definitions.content("x7"),
    "definitions.get": lambda tx: tx.definitions.get("x7"),
    "definitions.sources": lambda tx: tx.definitions.sources("x7"),
    "definitions.current": lambda tx: tx.definitions.current("x8"),
    "definitions.currents": lambda tx: tx.definitions.currents(),
    "definitions.versions": lambda tx: tx.definitions.versions("x8"),
    "definitions.remove": lambda tx: tx.definitions.remove("no such"),
    "definitions.set_current": lambda tx: tx.definitions.set_current("x8", "x8"),
    "history.append": lambda tx: tx.history.append(7, 500_000, "", [EVENT]),
    "history.record": lambda tx: tx.history.record(9, [EVENT]),
    "history.verify": lambda tx: tx.history.verify(7),
    "history.of_case": lambda tx: tx.history.of_case(7, before=9),
    "history.search": lambda tx: [tx.history.search(j, "受") for j in (["j7"], None)],
    "incidents.open": lambda tx: [tx.incidents.open(IncidentRow(**INCIDENT, **same)) for same in SAME],
    "incidents.get": lambda tx: tx.incidents.get(7),
    "incidents.raised": lambda tx: tx.incidents.raised("j7"),
    "incidents.list_open": lambda tx: [tx.incidents.list_open(j, before=b) for j in (["j7"], None) for b in (70, None)],
    "incidents.open_by_kind": lambda tx: tx.incidents.open_by_kind(["j7"]),
    "incidents.count_open": lambda tx: [tx.incidents.count_open(j) for j in (["j7"], None)],
    "incidents.elements_open": lambda tx: tx.incidents.elements_open(["j7"]),
    "incidents.of_case": lambda tx: tx.incidents.of_case(7),
    "incidents.resolve": lambda tx: tx.incidents.resolve(7, NOW, None),
    "incidents.causes": lambda tx: [tx.incidents.causes(["j7"], of) for of in (None, KindOfCase("a7", "k7"))],
    "incidents.of_cause": lambda tx: [
        tx.incidents.of_cause("j7", "c7", before=b, of=of) for b in (70, None) for of in (None, KindOfCase("a7", "k7"))
    ],
    "incidents.count_of_cause": lambda tx: tx.incidents.count_of_cause("j7", "c7"),
    "incidents.outside_cases": lambda tx: [tx.incidents.outside_cases("j7", "c7", 9, b) for b in (None, 70)],
    "incidents.hand_over": lambda tx: tx.incidents.hand_over(7, 7, "请改图"),
    "incidents.queue": lambda tx: tx.incidents.queue(7, NOW),
    "incidents.resolve_work": lambda tx: tx.incidents.resolve_work(7, NOW),
    "interventions.begin": lambda tx: tx.interventions.begin(batch_row(), [7]),
    "interventions.begin_for_cause": lambda tx: tx.interventions.begin_for_cause(batch_row(), "j7", "c7"),
    "interventions.under_way": lambda tx: tx.interventions.under_way("retry"),
    "interventions.newest": lambda tx: [tx.interventions.newest("undo_moves", before) for before in (None, 7)],
    "interventions.spend": lambda tx: tx.interventions.spend(7, 8),
    "interventions.refuse_waiting": lambda tx: tx.interventions.refuse_waiting(7, {}, NOW),
    "interventions.get": lambda tx: tx.interventions.get(tx.interventions.begin(batch_row(), [])),
    "interventions.of_person": lambda tx: [tx.interventions.of_person(7, 20, before) for before in (None, 7)],
    "interventions.counts": lambda tx: tx.interventions.counts(7),
    "interventions.results": lambda tx: [tx.interventions.results(7, state, 7) for state in ("done", None)],
    "interventions.note": lambda tx: tx.interventions.note(
        tx.interventions.begin(batch_row(), [7]), 7, "done", {}, NOW
    ),
    "work.enqueue_many": lambda tx: tx.work.enqueue_many([NewWork("t", 7, "new", {}, NOW)], NOW),
    "work.call_off_case": lambda tx: tx.work.call_off_case(7, NOW),
    "work.cancel": lambda tx: tx.work.cancel(["new", "x10"], NOW),
    "work.reschedule": lambda tx: tx.work.reschedule("x20", NOW),
    "work.get": lambda tx: tx.work.get(7),
    "work.messages_below": lambda tx: tx.work.messages_below(7),
    "work.leaving": lambda tx: tx.work.leaving(7, 50),
    "work.alive_in": lambda tx: tx.work.alive_in("mail", ["a", "b"]),
    "work.timer_fell_due": lambda tx: tx.work.timer_fell_due(NOW, NOW),
    "work.place": lambda tx: tx.work.place(tx.work.get(7), "a", {}),
    "work.by_key": lambda tx: tx.work.by_key("x7"),
    "work.of_case": lambda tx: tx.work.of_case(7),
    "work.claim": lambda tx: [tx.work.claim(one, "me") for one in (NOW, datetime(2020, 1, 1, tzinfo=UTC))],
    "work.finish": lambda tx: tx.work.finish(_claimed(tx), NOW),
    "work.hold": lambda tx: tx.work.hold(_claimed(tx), NOW),
    "work.release": lambda tx: tx.work.release(7),
    "work.provisional": lambda tx: tx.work.provisional(),
    "work.retry": lambda tx: tx.work.retry(1, NOW),
    "work.demand_claimed": lambda tx: tx.work.demand_claimed(_claimed(tx)),
    "work.renew": lambda tx: tx.work.renew(_claimed(tx), NOW),
    "work.fail": lambda tx: tx.work.fail(_claimed(tx), "boom", NOW),
    "work.give_up": lambda tx: tx.work.give_up(_claimed(tx), Text("为何", "why"), Text("怎么办", "remedy"), NOW),
    "work.wait_on": lambda tx: tx.work.wait_on(_claimed(tx), "gone", NOW),
    "work.give_back": lambda tx: tx.work.give_back(_claimed(tx)),
    "work.claim_in": lambda tx: [tx.work.claim_in(lane, NOW, "me", 5) for lane in LANES],
    "work.due_by_lane": lambda tx: tx.work.due_by_lane(NOW),
    "work.due_after": lambda tx: tx.work.due_after(NOW),
    "work.reset_running": lambda tx: tx.work.reset_running(),
    "work.due_count": lambda tx: tx.work.due_count(NOW),
    "installation.settle": lambda tx: tx.installation.settle(INSTALLATION),
    "installation.adopt": lambda tx: tx.installation.adopt(INSTALLATION),
    "clock.last_beat": lambda tx: tx.clock.last_beat("x7"),
    "clock.beat": lambda tx: tx.clock.beat("x7", NOW),
    "clock.hold": lambda tx: tx.clock.hold(ClockHoldRow(kind="jump", expected_at=NOW, found_at=NOW)),
    "clock.held": lambda tx: tx.clock.held(),
    "clock.holds": lambda tx: tx.clock.holds(),
    "clock.release": lambda tx: tx.clock.release(7, NOW, 7, "r"),
    "clock.get": lambda tx: tx.clock.get(7),
    "moves.undoable": lambda tx: tx.moves.undoable(7),
    "moves.begin": lambda tx: tx.moves.begin(
        MoveBatchRow(package="x7", target="x7", reason="r", dry=True, person_id=7, begun_at=NOW)
    ),
    "moves.batch": lambda tx: tx.moves.batch(7),
    "moves.batches": lambda tx: [tx.moves.batches("x7", 20, before) for before in (None, 7)],
    "moves.recent": lambda tx: [tx.moves.recent(["x7", "x8"], 20, before) for before in (None, 7)],
    "moves.end": lambda tx: tx.moves.end(7, "done", NOW),
    "moves.add": lambda tx: tx.moves.add(
        CaseMoveRow(mark="new", case_id=7, verdict="moved", from_version="x7", at=NOW)
    ),
    "moves.get": lambda tx: tx.moves.get(7),
    "moves.by_mark": lambda tx: tx.moves.by_mark("x7"),
    "moves.versions_before": lambda tx: tx.moves.versions_before(7),
    "moves.last_of_case": lambda tx: tx.moves.last_of_case(7),
    "moves.of_batch": lambda tx: [tx.moves.of_batch(7, verdicts) for verdicts in ((), ("x7",))],
    "moves.counts": lambda tx: tx.moves.counts(7),
    "moves.undone": lambda tx: tx.moves.undone(7, NOW),
    "hanging.on_case": lambda tx: tx.hanging.on_case(7),
    "health.limits": lambda tx: tx.health.limits(),
    "health.choose": lambda tx: tx.health.choose(HealthLimitsRow(values={}, changed_at=NOW)),
    "health.alarms": lambda tx: tx.health.alarms(),
    "health.lock_alarms": lambda tx: tx.health.lock_alarms(),
    "health.note": lambda tx: tx.health.note(AlarmRow(name="new", level=1, since=NOW)),
    "installation.kept": lambda tx: tx.installation.kept(),
    "incidents.newest_before": lambda tx: tx.incidents.newest_before(NOW),
    "incidents.oldest_open": lambda tx: tx.incidents.oldest_open(),
    "work.dead_count": lambda tx: tx.work.dead_count(),
    "history.whole": lambda tx: tx.history.whole(7),
    "encrypted.tables": lambda tx: tx.encrypted.tables(),
    "encrypted.lacking_at_ends": lambda tx: tx.encrypted.lacking_at_ends(()),
    "encrypted.demand_at_ends": lambda tx: tx.encrypted.demand_at_ends(NO_KEYS),
    "encrypted.lacking": lambda tx: tx.encrypted.lacking("person", ()),
    "encrypted.left": lambda tx: tx.encrypted.left("person"),
    "encrypted.lock": lambda tx: tx.encrypted.lock(),
    "encrypted.renew": lambda tx: tx.encrypted.renew("person", (), 200),
    "archives.begin": lambda tx: tx.archives.begin(ARCHIVE),
    "archives.get": lambda tx: tx.archives.get(7),
    "archives.lock": lambda tx: tx.archives.lock(7),
    "archives.of_places": lambda tx: [
        tx.archives.of_places(places, 100, before) for places in (None, ["j7"]) for before in (None, 7)
    ],
    "archives.of_round": lambda tx: tx.archives.of_round(7),
    "archives.add_part": lambda tx: tx.archives.add_part(ArchivePartRow(archive_id=7, place=9, files=[])),
    "archives.parts": lambda tx: tx.archives.parts(7),
    "archives.gathered": lambda tx: tx.archives.gathered(7),
    "archives.has": lambda tx: tx.archives.has(7, 9),
    "archives.count_gathered": lambda tx: tx.archives.count_gathered(7),
    "archives.close": lambda tx: tx.archives.close(7, "x7", NOW),
    "archives.unsealed_rounds": lambda tx: tx.archives.unsealed_rounds(NOW, [("j7", "a7", "round")]),
    "archives.unended": lambda tx: tx.archives.unended([7, 9]),
    "erasures.add_rule": lambda tx: tx.erasures.add_rule(
        RetentionRuleRow(jurisdiction="j7", name="any.mails", from_day=date(2026, 1, 1), reason="r", at=NOW)
    ),
    "erasures.rules": lambda tx: tx.erasures.rules("j7"),
    "erasures.ask": lambda tx: tx.erasures.ask(
        ErasureRow(case_id=7, jurisdiction="j7", parts=[], reason="r", asked_at=NOW)
    ),
    "erasures.lock": lambda tx: tx.erasures.lock(7),
    "erasures.of_cases": lambda tx: tx.erasures.of_cases([7]),
    "erasures.of_places": lambda tx: [tx.erasures.of_places(["j7"], 20, before) for before in (None, 7)],
    "erasures.newest": lambda tx: tx.erasures.newest(),
    "erasures.note": lambda tx: tx.erasures.note(7, "erased", {}, ["x7"]),
    "erasures.close": lambda tx: tx.erasures.close(7, "done", NOW),
    "erasures.open_cases": lambda tx: tx.erasures.open_cases("j7"),
    "erasures.awards_of": lambda tx: tx.erasures.awards_of("j7"),
    "erasures.stored_archives": lambda tx: tx.erasures.stored_archives(7),
    "erasures.drop_archive": lambda tx: tx.erasures.drop_archive(10**6, NOW),
    "erasures.mark_uploads": lambda tx: tx.erasures.mark_uploads(["u7"], "x", NOW),
    "erasures.mark_document": lambda tx: tx.erasures.mark_document(7, NOW),
    "search.drop_unused_values": lambda tx: tx.search.drop_unused_values([7]),
    "erasures.others_about": lambda tx: tx.erasures.others_about(7, 8),
    "erasures.forget_body": lambda tx: tx.erasures.forget_body(7, "x"),
    "erasures.uploads": lambda tx: tx.erasures.uploads(7),
    "erasures.cases": lambda tx: tx.erasures.cases([7, 8]),
    "erasures.in_archives": lambda tx: [tx.erasures.in_archives(files, ["j7"]) for files in ((), ("x7",))],
    "erasures.still_needed": lambda tx: [tx.erasures.still_needed(files) for files in ((), ("x7",))],
    "case_content.of_case": lambda tx: list(tx.case_content.of_case(7)),
    "case_content.replace": lambda tx: tx.case_content.replace(
        StoredContent("finding", {"id": 7}, {}), {"text": "x", "details": {}}
    ),
    "case_content.drop_drafts": lambda tx: tx.case_content.drop_drafts(7),
    "case_content.forget_moves": lambda tx: tx.case_content.forget_moves(7),
    "history.redact": lambda tx: [tx.history.redact(row, EVENT) for row in tx.history.whole(7)[:1]],
    "epochs.begin": lambda tx: tx.epochs.begin(EpochRow(saved_at=NOW, begun_at=NOW, cause="c")),
    "epochs.unreleased": lambda tx: tx.epochs.unreleased(),
    "epochs.get": lambda tx: tx.epochs.get(7),
    "epochs.note": lambda tx: tx.epochs.note(7, {}),
    "epochs.release": lambda tx: tx.epochs.release(7, NOW, 7, "r"),
    "work.timers": lambda tx: [
        *(tx.work.timers(CASES[1], after) for after in (None, (NOW, 7))),
        tx.work.timers(CASES[1], None, 50, NOW, NOW - timedelta(days=1)),
        tx.work.timers(CASES[1], None, 50, NOW, settled=True),
    ],
    "work.soonest_timer": lambda tx: tx.work.soonest_timer(CASES[1]),
    "work.count_timers": lambda tx: tx.work.count_timers(CASES[1]),
    "work.oldest_due": lambda tx: tx.work.oldest_due(NOW),
    "work.stands_still": lambda tx: tx.work.stands_still(NOW - timedelta(minutes=2), NOW),
    "work.next_due": lambda tx: tx.work.next_due(),
    "mail.queue_many": lambda tx: tx.mail.queue_many([LETTER]),
    "mail.get": lambda tx: tx.mail.get(7),
    "mail.by_key": lambda tx: tx.mail.by_key("x7"),
    "mail.mark_sent": lambda tx: tx.mail.mark_sent(7, NOW),
    "mail.of_case": lambda tx: tx.mail.of_case(7),
    "mail.inbox": lambda tx: tx.mail.inbox(7, before=9),
    "mail.unread": lambda tx: tx.mail.unread(7),
    "mail.unsent_of": lambda tx: tx.mail.unsent_of(7, ["escalate:", "news:"]),
    "mail.mark_read": lambda tx: [tx.mail.mark_read(7, NOW, ids) for ids in ([7], None)],
    "inbox.deliver": lambda tx: tx.inbox.deliver(7, "m", {}, "new", NOW),
    "inbox.waiting": lambda tx: tx.inbox.waiting(7),
    "inbox.caught": lambda tx: tx.inbox.caught(replace(KEPT_MESSAGE, id=7), NOW),
    "turns.count_beside": lambda tx: tx.turns.count_beside(tx.cases.get(7)),
    "turns.retry_cause": lambda tx: tx.turns.retry_cause("j7", "c7"),
    "turns.correct_days": lambda tx: tx.turns.correct_days(7),
    "turns.begin_uploads": lambda tx: tx.turns.begin_uploads(7),
    "turns.move_cases": lambda tx: tx.turns.move_cases("p7/a7"),
    "turns.draw_panel": lambda tx: tx.turns.draw_panel(tx.cases.get(7)),
    "counters.skip": lambda tx: tx.counters.skip(1),
    "counters.next": lambda tx: [tx.counters.next("new") for _ in range(2)],
}

CASES = (
    CaseFilter(),
    CaseFilter(["j7"], live=True),
    CaseFilter(["j7"], "p1", live=True),
    CaseFilter(body_id=7),
    CaseFilter(["j1", "j2"], text="x99"),
    CaseFilter(["j7"], live=True, waits_at=("x7", "x7")),
    CaseFilter(["j7"], live=True, award="a7", status="suspended"),
    CaseFilter(["j7"], live=True, within=["x7", "x8"]),
    CaseFilter(["j7"], live=True, voting=True),
    CaseFilter(["j7"], live=True, awaiting=True),
    CaseFilter(["j7"], began=(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))),
    CaseFilter(["j7"], started_by=7),
    CaseFilter(body_id=7, started_by=7),
    CaseFilter(body_id=7, started_by=7, begun_by=7),
    CaseFilter(body_id=7, begun_by=7),
    CaseFilter(["j7"], finished=(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))),
)
TASKS = (
    MINE,
    TaskFilter(SEATS, 5, "mine"),
    TaskFilter(SEATS, 5, "body"),
    TaskFilter(SEATS, 5, "unclaimed"),
    TaskFilter(SEATS, 5, "to_do"),
    TaskFilter(SEATS, 5, round_id=7),
    TaskFilter(SEATS, 5, text="x", process="x10", overdue=NOW),
    TaskFilter(case_id=7),
    TaskFilter(person_id=5, state="done"),
)
SAME: tuple[dict[str, Any], ...] = (
    {"case_id": 7, "engine_id": "e", "kind": "k"},
    {"work_item_id": 7, "kind": "k"},
    {"case_id": 8, "work_item_id": 8, "kind": "k"},
)
INCIDENT: dict[str, Any] = {
    "jurisdiction": "j7",
    "what": _WORDS,
    "consequence": _WORDS,
    "remedy": _WORDS,
    "since": NOW,
}
CALL = CallRow(case_id=7, jurisdiction="j7", process_id="x7", element="x8", since=NOW)
BALLOT: dict[str, Any] = {
    "case_id": 7,
    "jurisdiction": "j7",
    "box": "new",
    "process_id": "p",
    "element": "e",
    "title": "t",
    "role": "r",
    "teller_role": "r",
    "rules": {},
    "candidates": [],
    "agenda": {},
    "opened_at": NOW,
    "issued": 9,
}
KEPT_MESSAGE = InboxRow(case_id=7, message="m7", payload={}, effect_key="k7", arrived_at=NOW)
LETTER = MailRow(case_id=7, person_id=7, subject="s", text="t", effect_key="new", queued_at=NOW)
SETTING: dict[str, Any] = {
    "package": "city/award",
    "seq": 500_000,
    "parameter": "p",
    "since": date(2026, 1, 1),
    "value": {"value": 7},
    "reason": "r",
    "at": NOW,
    "actor": "a",
    "previous": "",
    "hash": "h",
}
BELOW = (CasesBelow(7, "p7"), CasesBelow(7, "p7", (8, 9)), CasesBelow(7, "p7", (), (8, 9)))
NOTICE: dict[str, Any] = {
    "jurisdiction": "j7",
    "case_id": 7,
    "element": "e",
    "kind": "k",
    "title": "t",
    "content": {},
    "fingerprint": "f",
    "posted_at": NOW,
    "first_day": date(2026, 1, 1),
    "last_day": date(2026, 1, 9),
    "ends_at": NOW,
    "period": {},
}


def _claimed(tx: Transaction) -> Any:
    item = tx.work.claim(NOW, "me")
    assert item is not None
    return item


def draft_row() -> PackageDraftRow:
    return PackageDraftRow(
        package="j7/a7", title="新", sources=b"", person_id=7, author="李", created_at=NOW, changed_at=NOW
    )


def revision_row() -> DraftRevisionRow:
    return DraftRevisionRow(
        draft_id=7, revision=999, path="p7", content=b"", hash="x7", person_id=7, author="李", at=NOW
    )


def batch_row() -> InterventionBatchRow:
    return InterventionBatchRow(kind="suspend", reason="核查", dry=True, person_id=7, at=NOW)


def job_row() -> StudioJobRow:
    return StudioJobRow(draft_id=7, revision=1, key="x7", process="x7", begun_at=NOW, beat_at=NOW)


def scenario_result_row() -> ScenarioResultRow:
    return ScenarioResultRow(
        draft_id=7, path="new", revision=1, version="x7", hash="x7", passed=True, content=b"", at=NOW
    )
