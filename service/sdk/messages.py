"""Messages the program itself sends to cases; a diagram may wait for them without a declared sender."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.text import Text

NOTICE_CORRECTED = "notice_corrected"
NOTICE_RECALLED = "notice_recalled"
BALLOT_COMPLETE = "ballot_complete"
PERSON = "person:"
"""Stands before a person's row number among the recipients of a document."""
ORGANISATION = "organisation:"
"""Stands before the credit code of an organisation that the case is not about, among the recipients of a document."""

PANEL_CHANGED = "panel_changed"
APPOINTMENT_CHANGED = "appointment_changed"
SCORES_CHANGED = "scores_changed"
REVIEW_REOPENED = "review_reopened"

PLATFORM_MESSAGES: Mapping[str, Text] = MappingProxyType(
    {
        NOTICE_CORRECTED: Text(
            "公示作了实质更正，须重新公示", "a notice was corrected in substance and must be posted anew"
        ),
        NOTICE_RECALLED: Text("公示被收回", "a notice was recalled"),
        PANEL_CHANGED: Text("评审组成员有变动", "the members of a panel changed"),
        APPOINTMENT_CHANGED: Text("答辩或者现场评审改期、取消", "a defence or a site visit was moved or called off"),
        SCORES_CHANGED: Text(
            "评分作废，已结束的评审重新汇总", "a score was dropped and a stage that is over combined anew"
        ),
        REVIEW_REOPENED: Text(
            "评分作废后有效评分表不足，评审重新开启", "too few sheets count, so a stage of review is opened again"
        ),
        BALLOT_COMPLETE: Text("全体表决人均已投票", "every voter has cast"),
    }
)
"""Name of each such message and what it says."""
