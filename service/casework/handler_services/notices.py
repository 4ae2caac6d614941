"""Service of operations: notices (公示) and announcements (公告), frozen when posted, with period and fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from service.casework.audit.intact import require_intact
from service.casework.notices.correct import TO_ASK, hash_notice_content, notice_content, signed_by
from service.casework.notices.recall import objections_before
from service.casework.reading.contacts import lines_to_ask
from service.casework.reading.results import is_announcement, would_show_objections
from service.casework.step.fill import in_words
from service.casework.step.instants import explain_window
from service.casework.step.step import Step
from service.domain.calendar import CHINA, StartRule, Window, local_date
from service.domain.calendar.rules import DAY_ONE, rest_day_rule_of
from service.sdk import ElementView, NoticeDraft, PostedNotice
from service.store.models import NoticeRow


class NoticePort:
    """Notices of the case of a step."""

    def __init__(self, step: Step, element: ElementView) -> None:
        self._step, self._element = step, element

    def post(self, draft: NoticeDraft) -> PostedNotice:
        """Freeze ``draft``, compute its window and publish it.

        A notice of the same element that was corrected in substance is replaced: what the correction
        says is posted, and the period restarts. A period that ended before it is posted here counts from now.
        """
        step = self._step
        require_intact(step.desk, step.tx, step.case.id)
        corrected = self._find_corrected_notice()
        content = signed_by(step.actor, step.case.jurisdiction) | notice_content(draft)
        if corrected:
            content = (corrected.correction or {}).get("content", content)
        content = {key: value for key, value in content.items() if key != TO_ASK} | self._to_ask(content)
        rule = DAY_ONE.get(draft.day_one, step.environment.counting.notice)
        if draft.working_days is None and draft.calendar_days is None:  # an announcement: it is made known on that day
            draft, rule = replace(draft, calendar_days=1), StartRule.POSTING_DAY
        window = self._find_window(draft, rule)
        late = draft.audience == "public" and draft.posted_on is not None and window.ends_at <= step.now
        if late:  # its publication is registered after the whole period: nobody could read it here and object in time
            draft = replace(draft, posted_on=None)
            window = self._find_window(draft, rule)
        columns = self._build_columns(draft, content, window, rule)
        columns["period"] |= {"late": True} if late else {}
        ident = step.tx.notices.insert(NoticeRow(**columns, replaces_id=corrected.id if corrected else None))
        done = f"发布公告“{columns['title']}”"
        if not is_announcement(content):
            done = f"发布公示“{columns['title']}”，{in_words(window.first_day)}至{in_words(window.last_day)}"
        step.audit(
            "notice",
            done,
            self._element.id,
            {"notice": ident, "fingerprint": columns["fingerprint"]},
        )
        return posted(step.tx.notices.get(ident))

    def _find_window(self, draft: NoticeDraft, rule: StartRule) -> Window:
        lengths = (draft.working_days, draft.calendar_days)
        return self._step.window(*lengths, draft.posted_on, rule, rest_day_rule_of(draft.roll))

    def close(self, notice: int) -> PostedNotice:
        """Close a notice, at its end or before."""
        step = self._step
        row = step.tx.notices.get(notice)
        if row.state == "running":
            step.tx.notices.change(row.id, state="closed", closed_at=step.now)
            step.audit(
                "notice",
                _get_end_state(row, objections_before(row, step.notices()), step.now),
                self._element.id,
                {"notice": row.id},
            )
        return posted(row)

    def _to_ask(self, content: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return whom to ask as set on the day of posting: files of the notice say it, whatever is set later.

        The address alone where the notice names a telephone itself.
        """
        notice_text = f"{content.get('text')}\n{content.get('objections')}"
        lines = lines_to_ask(self._step.desk, self._step.tx, self._step.package, notice_text)
        return {TO_ASK: lines} if lines else {}

    def _find_corrected_notice(self) -> NoticeRow | None:
        rows = [n for n in self._step.notices() if n.element == self._element.id]
        return rows[-1] if rows and rows[-1].state == "corrected" else None

    def _build_columns(
        self, draft: NoticeDraft, content: Mapping[str, Any], window: Window, rule: StartRule
    ) -> dict[str, Any]:
        step = self._step
        at = step.now if draft.posted_on is None else datetime.combine(draft.posted_on, time(), CHINA)
        unit = "working_days" if draft.working_days is not None else "calendar_days"
        length = draft.working_days if draft.working_days is not None else draft.calendar_days
        return {
            "jurisdiction": step.case.jurisdiction,
            "case_id": step.case.id,
            "element": self._element.id,
            "kind": draft.kind,
            "audience": draft.audience,
            "title": content["title"],
            "content": content,
            "fingerprint": hash_notice_content(content),
            "clauses": list(self._element.clauses),
            "posted_at": at,
            "first_day": window.first_day,
            "last_day": window.last_day,
            "ends_at": window.ends_at,
            "period": {
                "unit": unit,
                "length": int(length or 0),
                "day_one": rule.value,
                **_build_roll_entry(draft),
                **explain_window(window),
            },
            "state": "running",
            "closed_at": None,
            "objections": 0,
            "correction": None,
        }


def _get_end_state(row: NoticeRow, before: int, now: datetime) -> str:
    """Return how a notice that is closed ``now`` ended; that nobody objected can be said of a whole period alone.

    ``before`` is how many objections came in before it was corrected: they are handled all the same.
    """
    if is_announcement(row.content):
        return f"公告“{row.title}”结束"
    received = f"，收到异议{row.objections}件" if row.objections else ""
    if before:
        both = f"，收到异议共{row.objections + before}件（更正前{before}件）"
        received = both if row.objections else f"，更正前收到异议{before}件"
    if now < row.ends_at:
        return f"公示“{row.title}”期满前终止（原定公示至{in_words(row.last_day)}）{received}"
    silence = "，无异议" if would_show_objections(row) else ""
    return f"公示“{row.title}”期满{received or silence}"


def _build_roll_entry(draft: NoticeDraft) -> dict[str, str]:
    """Return what the notice says for itself of a last day that is a rest day."""
    roll = rest_day_rule_of(draft.roll)
    return {} if roll is None else {"roll": roll.value}


def posted(row: NoticeRow) -> PostedNotice:
    """Return a notice row as handlers see it."""
    return PostedNotice(
        row.id,
        row.kind,
        local_date(row.posted_at),
        row.first_day,
        row.last_day,
        row.ends_at,
        bool(row.period.get("provisional")),
        row.objections,
        row.content,
    )
