"""Operation that issues a document of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import PERSON, Text, Work, operation


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
        default="null", metadata={"help": "FEEL 文本，另外送达本人的人员编号，例如被取消资格的专家；空则没有"}
    )


@operation("document.issue", Text("制发文书", "Issue a document"), result={"document": "number"})
def issue(work: Work, parameters: Issue) -> Mapping[str, Any]:
    """Number a document, freeze its text and have it produced and delivered."""
    person = work.evaluate(parameters.person_from)
    to = [*parameters.recipients, *([f"{PERSON}{person}"] if person is not None else [])]
    return {"document": work.documents.issue(parameters.template, parameters.extra, to)}
