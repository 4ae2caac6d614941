"""The kinds of clauses, in words."""

from __future__ import annotations

from service.domain.text import Text

CLAUSE_KINDS = {
    "other": Text("其他", "Other"),
    "definition": Text("定义", "Definitions"),
    "eligibility": Text("申报条件", "Eligibility"),
    "role": Text("职责", "Roles"),
    "time_limit": Text("期限", "Time limits"),
    "quota": Text("名额", "Quota"),
    "fee": Text("经费", "Fees"),
    "procedure": Text("程序", "Procedure"),
    "notice": Text("公示", "Notices"),
    "record": Text("记录", "Records"),
    "duty": Text("义务", "Duties"),
    "objection": Text("异议", "Objections"),
    "vote": Text("表决", "Votes"),
    "prize": Text("奖励", "Prizes"),
    "prohibition": Text("禁止", "Prohibitions"),
    "sanction": Text("处理", "Sanctions"),
    "confidentiality": Text("保密", "Confidentiality"),
    "validity": Text("效力", "Validity"),
    "application": Text("申报", "Application"),
    "review": Text("评审", "Review"),
}
