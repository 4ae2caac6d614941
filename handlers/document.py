"""Documents of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Text, Work, operation


@dataclass(frozen=True, slots=True)
class Issue:
    """Which document, for whom."""

    template: str = field(metadata={"help": "文书模板编号"})
    recipients: list[str] = field(
        default_factory=list,
        metadata={"help": "收件角色，文书同时邮件送达担任该角色的人并存入办件；异议人写 objector，凭回执查看"},
    )
    extra: dict[str, Any] = field(default_factory=dict, metadata={"help": "模板中另外可用的内容"})


@operation("document.issue", Text("制发文书", "Issue a document"), result={"document": "number"})
def issue(work: Work, parameters: Issue) -> Mapping[str, Any]:
    """Number a document, freeze its text and have it produced and delivered."""
    return {"document": work.documents.issue(parameters.template, parameters.extra, parameters.recipients)}
