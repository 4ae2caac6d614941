"""What the abstract roles of shared pieces are called where no city binds them."""

from __future__ import annotations

SHARED_ROLES = {
    "applicant": "申报组织",
    "objector": "异议人",
    "recommender": "推荐单位",
    "poster": "公示单位",
    "investigator": "核查单位",
    "department": "有关部门",
    "office": "办公室",
    "chair": "主持人",
    "expert": "评审专家",
    "committee": "评审委员会",
    "objection_decider": "异议认定机构",
    "decider": "审定机构",
    "approver": "审定机关",
    "reevaluation_decider": "再评价认定机构",
    "revocation_proposer": "撤销提请机构",
    "revocation_authority": "撤销决定机关",
    "government": "人民政府",
    "supervising": "监督单位",
    "supervisor": "监督机构",
    "winner": "获奖组织",
    "audit_unit": "审核单位",
    "committee_chair": "评审委员会主任",
    "granting_government": "授奖的人民政府",
    "leading_group": "领导小组",
    "market_regulator": "市场监督管理部门",
    "parent_body": "上级单位",
    "review_committee": "评审委员会",
    "supervision_committee": "监督委员会",
}
"""Names of the abstract roles of shared diagrams: their lanes, and what a place binds to its own roles."""
