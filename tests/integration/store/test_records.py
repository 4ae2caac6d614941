from __future__ import annotations

from datetime import date
from typing import Any

from service.store import Store
from service.store.rows import (
    AwardRow,
    DocumentRow,
    FindingRow,
    FormResultRow,
    NoticeRow,
    ReceiptRow,
    SanctionRow,
    UploadRow,
)
from tests.support import records
from tests.support.records import DAY, NOON


def test_a_submission_taken_back_no_longer_counts(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        [task_id] = tx.tasks.insert_many([records.task(case_id)])
        common = {"case_id": case_id, "element": "Accept", "form": "acceptance", "at": NOON}
        tx.forms.insert(FormResultRow(**common, task_id=task_id, data={"意见": "不予受理"}))
        assert tx.forms.mark_taken_back(task_id, NOON) == 1
        kept = tx.forms.insert(FormResultRow(**common, task_id=task_id, data={"意见": "受理"}))
        assert [(row.id, row.data) for row in tx.forms.of_case(case_id, "acceptance")] == [(kept, {"意见": "受理"})]
        assert tx.forms.of_case(case_id, "other") == []


def test_a_draft_is_kept_for_each_person_until_dropped(store: Store) -> None:
    with store.write() as tx:
        me = records.person(tx)
        [task_id] = tx.tasks.insert_many([records.task(records.case(tx))])
        tx.forms.save_draft(task_id, me, {"a": 1}, NOON)
        tx.forms.save_draft(task_id, me, {"a": 2}, NOON + DAY)
        draft = tx.forms.draft(task_id, me)
        assert draft is not None
        assert (draft.data, draft.saved_at) == ({"a": 2}, NOON + DAY)
        tx.forms.drop_draft(task_id, me)
        assert tx.forms.draft(task_id, me) is None


def test_uploads_are_claimed_once_by_one_case(store: Store) -> None:
    digest, size = store.files.put("证明".encode())
    with store.write() as tx:
        ours, theirs = records.case(tx), records.case(tx, definition="v1")
        [task_id] = tx.tasks.insert_many([records.task(ours)])
        row = {"field": "proof", "name": "证明.txt", "kind": "text/plain", "size": size, "sha256": digest, "at": NOON}
        tx.uploads.insert(UploadRow(id="u1", **row))
        assert tx.uploads.claim(["u1", "unknown"], ours, task_id) == 1
        assert tx.uploads.claim(["u1"], theirs, None) == 0
        assert [one.id for one in tx.uploads.of_case(ours)] == ["u1"]
        tx.uploads.remove("u1", NOON)
        assert tx.uploads.of_case(ours) == []
        assert tx.uploads.get("u1").removed_at == NOON
    with store.files.open(digest) as file:
        assert file.read().decode() == "证明"


def finding(case_id: int, table: str, ground: str, result: str) -> FindingRow:
    return FindingRow(
        case_id=case_id,
        table=table,
        ground=ground,
        result=result,
        text="成立满三年",
        clauses=["8.1"],
        decided_by="machine",
        supplied_by="applicant",
        at=NOON,
    )


def test_newer_findings_replace_older_ones_of_the_same_table(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        first = [finding(case_id, "eligibility", "age", "unknown"), finding(case_id, "eligibility", "tax", "met")]
        tx.findings.replace(case_id, "eligibility", first)
        tx.findings.replace(case_id, "shortlist", [finding(case_id, "shortlist", "score", "met")])
        tx.findings.replace(case_id, "eligibility", [finding(case_id, "eligibility", "age", "met")])
        current = [(row.table, row.ground, row.result) for row in tx.findings.current(case_id)]
        assert current == [("shortlist", "score", "met"), ("eligibility", "age", "met")]
        assert len(tx.findings.history(case_id)) == 4


def notice(case_id: int, **columns: Any) -> dict[str, Any]:
    fixed = {
        "jurisdiction": "city",
        "case_id": case_id,
        "element": "Post",
        "kind": "acceptance_list",
        "title": "受理名单公示",
        "content": {"text": "…"},
        "fingerprint": "0" * 64,
        "posted_at": NOON,
        "first_day": date(2026, 3, 3),
        "last_day": date(2026, 3, 9),
        "ends_at": NOON + DAY * 7,
        "period": {"unit": "workdays", "length": 5},
    }
    return {**fixed, **columns}


def test_the_public_sees_public_notices_newest_first(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        old = tx.notices.insert(NoticeRow(**notice(case_id, state="closed")))
        new = tx.notices.insert(NoticeRow(**notice(case_id, posted_at=NOON + DAY)))
        internal = tx.notices.insert(NoticeRow(**notice(case_id, audience="internal")))
        away = tx.notices.insert(NoticeRow(**notice(case_id, jurisdiction="county")))

        def shown(**chosen: Any) -> list[int]:
            return [row.id for row in tx.notices.public(**chosen)]

        assert shown() == [new, away, old]
        assert shown(jurisdiction="city") == [new, old]
        assert shown(jurisdiction="city", running_only=True) == [new]
        assert shown(before=(NOON + DAY, new), limit=1) == [away]
        assert [row.id for row in tx.notices.of_case(case_id)] == [old, new, internal, away]


def test_objections_are_counted_on_the_notice(store: Store) -> None:
    with store.write() as tx:
        posted = tx.notices.insert(NoticeRow(**notice(records.case(tx))))
        for count in (1, 2):
            lodged = ReceiptRow(
                case_id=records.case(tx), number="1", code_hash=f"{count}", notice_id=posted, issued_at=NOON
            )
            tx.receipts.insert(lodged)
            assert tx.notices.count_objections(posted) == count
        tx.notices.update(posted, state="closed", closed_at=NOON)
        row = tx.notices.lock(posted)
        assert (row.state, row.objections, row.last_day) == ("closed", 2, date(2026, 3, 9))


def test_a_document_is_produced_after_it_was_issued(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        content = {"template": "acceptance", "title": "受理通知书", "content": {"正文": "…"}, "issued_at": NOON}
        issued = tx.documents.insert(
            DocumentRow(jurisdiction="city", case_id=case_id, number="受〔2026〕1号", **content)
        )
        tx.documents.mark_produced(issued, "a" * 64, 12, NOON)
        [row] = tx.documents.of_case(case_id)
        assert row == tx.documents.get(issued)
        assert (row.sha256, row.size, row.recipients) == ("a" * 64, 12, [])


def test_the_register_knows_awards_and_sanctions_of_an_organisation(store: Store) -> None:
    with store.write() as tx:
        firm = records.body(tx, "firm", "*")
        common = {"jurisdiction": "city", "body_id": firm, "details": {}}
        awards = [
            tx.register.insert_award(
                AwardRow(**common, award="award", tier="main", round=f"第{year}届", decided_on=date(year, 9, 1))
            )
            for year in (2022, 2024)
        ]
        dates = {"decided_on": date(2025, 1, 1), "from_day": date(2025, 1, 1), "last_day": date(2030, 1, 1)}
        tx.register.insert_sanction(SanctionRow(**common, ground="fraud", effect="ban", clauses=["31"], **dates))
        assert tx.register.revoke_award(awards[0], date(2025, 1, 1))
        assert not tx.register.revoke_award(awards[0], date(2025, 6, 1)), "an award is revoked once"
        assert [(row.id, row.revoked_on) for row in tx.register.awards(firm)] == [
            (awards[1], None),
            (awards[0], date(2025, 1, 1)),
        ]
        assert [row.last_day for row in tx.register.sanctions(firm)] == [date(2030, 1, 1)]
        newest = tx.register.public("city", limit=1)
        assert [row.id for row in newest] == [awards[1]]
        assert [row.id for row in tx.register.public(before=(newest[0].decided_on, newest[0].id))] == [awards[0]]
