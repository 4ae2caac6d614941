"""Operations that issue documents of the case or of another, and send letters to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import ORGANISATION, PERSON, Invalid, Letter, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Issue:
    """Which document, for whom."""

    template: str = field(metadata={"help": "文书模板编号"})
    recipients: list[str] = field(
        default_factory=list,
        metadata={"help": "收件角色，文书同时邮件送达担任该角色的人并存入办件；异议人写 objector，凭回执查看"},
    )
    extra: dict[str, Any] = field(default_factory=dict, metadata={"help": "模板中另外可用的内容"})
    person_from: str = field(
        default="null",
        metadata={"formula": True, "help": "FEEL 文本，另外送达本人的人员编号，例如被取消资格的专家；空则没有"},
    )
    organisation_from: str = field(
        default="null",
        metadata={
            "formula": True,
            "help": "FEEL 文本，另外送达的组织的统一社会信用代码；没有账户的记入办件历史；空则没有",
        },
    )


@operation("document.issue", Text("制发文书", "Issue a document"), result={"document": "number"})
def issue(work: Work, parameters: Issue) -> Mapping[str, Any]:
    """Number a document, freeze its text and have it produced and delivered."""
    others = {PERSON: parameters.person_from, ORGANISATION: parameters.organisation_from}
    named = {sort: work.evaluate(formula) for sort, formula in others.items()}
    to = [*parameters.recipients, *(f"{sort}{one}" for sort, one in named.items() if one is not None)]
    return {"document": work.documents.issue(parameters.template, parameters.extra, to)}


@dataclass(frozen=True, slots=True)
class Above:
    """A document for the parent case; its people get it, and nothing of this case is shown to them."""

    template: str = field(metadata={"help": "文书模板编号"})
    recipients: list[str] = field(default_factory=list, metadata={"help": "上级办件中的收件角色"})
    extra: dict[str, Any] = field(default_factory=dict, metadata={"help": "模板中另外可用的内容"})


@operation("document.issue_above", Text("向上级办件制发文书", "Issue to the case above"), result={"document": "number"})
def issue_above(work: Work, parameters: Above) -> Mapping[str, Any]:
    """Issue a document that is filed in the parent case.

    Raises:
        Invalid: when there is no case above.
    """
    if work.case.parent is None:
        raise Invalid(Text("这个办件没有上级办件，不能向其制发文书。", "There is no case above to issue to."))
    number = work.documents.issue(
        parameters.template, parameters.extra, parameters.recipients, filed_in=work.case.parent
    )
    return {"document": number}


@dataclass(frozen=True, slots=True)
class Below:
    """A document for each of several cases below."""

    template: str = field(metadata={"help": "文书模板编号"})
    rows: str = field(
        metadata={"formula": True, "help": "FEEL 文本，给出各行；row.case 为下级办件编号；模板读本办件的记录，另有 row"}
    )
    recipients: list[str] = field(default_factory=list, metadata={"help": "下级办件中的收件角色"})
    of: str = field(
        default="",
        metadata={
            "formula": True,
            "help": "FEEL 文本，改为哪一个办件的下级，rows 中的 children 即其下级；没有这个办件的不制发；空则为本办件",
        },
    )


@operation("document.issue_below", Text("向下级办件制发文书", "Issue to cases below"), result={"count": "number"})
def issue_below(work: Work, parameters: Below) -> Mapping[str, Any]:
    """Issue one document for every row, filed in the case it names; the template reads the row as ``row``."""
    above = work.evaluate(parameters.of) if parameters.of else work.case.id
    if above is None:
        return {"count": 0}
    children = work.cases.children(of=int(str(above)))
    rows = work.rows(parameters.rows, {"children": [child.row for child in children]} if parameters.of else None)
    child_ids = {child.id for child in children}
    for row in rows:
        if int(row["case"]) not in child_ids:
            raise Invalid(Text("文书的收件办件不是本办件的下级。", "A row names a case that is not below this one."))
        work.documents.issue(parameters.template, {"row": row}, parameters.recipients, filed_in=int(row["case"]))
    return {"count": len(rows)}


@dataclass(frozen=True, slots=True)
class Send:
    """A letter; subject and text may hold FEEL in braces."""

    to: str = field(metadata={"help": "收件角色"})
    subject: str = field(metadata={"help": "标题，可含花括号中的 FEEL"})
    text: str = field(metadata={"help": "正文，可含花括号中的 FEEL"})
    documents: list[int] = field(default_factory=list, metadata={"help": "附上的文书"})
    key: str = field(default="", metadata={"help": "同一办件中相同的键只发一次"})


@operation("mail.send", Text("发送邮件", "Send a mail"))
def send(work: Work, parameters: Send) -> None:
    """Queue a letter; its texts are filled over the record scope."""
    subject, text = work.text(parameters.subject), work.text(parameters.text)
    work.mail.send(Letter(parameters.to, subject, text, [int(d) for d in parameters.documents], parameters.key))
