"""What a reader of official documents would send back: asked of every document that a season issues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.output.composed_document import list_attachments, written
from service.store import Store

ADVERSE = frozenset(
    {
        "audit_refusal", "ban_decision", "cancellation_decision", "candidate_removed", "lapse_notice", "late_refusal",
        "nomination_cancelled", "non_acceptance_notice", "not_accepted_notice", "publicity_bar_notice", "return_notice",
        "revocation_decision", "termination_notice",
    }
)  # fmt: skip
"""Documents that take something from somebody or refuse it: they say by which article, and where to turn."""
DECISIONS = frozenset({"commendation_decision", "revocation_decision", "cancellation_decision"})
NOT_NUMBERED = frozenset({"award_certificate", "application_recommendation"})
"""A certificate bears its own number in its text; an organisation numbers its letters itself."""
_OF_AN_AUTHORITY = re.compile("(决定|请示|公告|通报|通告|函|通知)$")
_ISO_DAY = re.compile(r"(?<![\w.-])\d{4}-\d\d-\d\d(?![\w.-])", re.ASCII)
_SAID_TWICE = re.compile(r"政府质量奖(政府)?质量奖|。。|；。|，。|：。|请请")
_EMPTY = re.compile(r"（）|《》|“”|\bnull\b|\{|\}")
_ARTICLE = re.compile(r"第（?[一二三四五六七八九十]+）?条|[一二三四五六七]（[一二三四五六七八九十]+）|、附则")


def faults_of_season(store: Store, cases: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the documents of the cases of a season."""
    with store.read() as tx:
        rows = [row for case in cases.values() for row in tx.documents.select(case_id=case)]
    return [f"{row.template}：{fault}" for row in rows for fault in faults(row.template, row.content)]


def faults(template: str, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a document, as it was frozen."""
    text = written(content)
    for pattern, said in ((_ISO_DAY, "日期"), (_SAID_TWICE, "重复"), (_EMPTY, "空缺")):
        if found := pattern.search(text):
            yield f"{said}“{text[max(0, found.start() - 12) : found.end() + 12]}”"
    if template == "announcement" and "公示期" in text:
        yield "公告没有公示期"
    if not content.get("number") and template not in NOT_NUMBERED:
        yield "没有文号"
    if template in DECISIONS and text.count(str(content.get("number"))) != 1:
        yield f"文号“{content.get('number')}”出现{text.count(str(content.get('number')))}次"
    if _OF_AN_AUTHORITY.search(content["title"]) and content["title"].find("关于") < 1:
        yield f"标题“{content['title']}”没有写明发文机关和事由"
    if not content.get("signature"):
        yield "没有署名"
    if template == "government_submission":
        wanted = (content.get("signer"), content.get("note"), "妥否，请批示。" in content["paragraphs"])
        yield from () if all(wanted) else ["请示缺少签发人、联系人或者结语"]
    if template in ADVERSE:
        yield from (f"没有写明{word}" for word in ("行政复议", "行政诉讼") if word not in text)
        yield from () if _ARTICLE.search(text) else ["没有写明条款"]
    yield from (f"附件“{name}”没有内容" for name, paragraphs in list_attachments(content) if not paragraphs)
