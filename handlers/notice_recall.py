"""Operation that recalls a notice (a person recalls one on the notice's page)."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.sdk import Text, Work, operation


@dataclass(frozen=True, slots=True)
class Recall:
    """Which notice, and why."""

    notice: int = field(metadata={"help": "公示编号"})
    reason: str = field(metadata={"help": "收回原因，可含花括号中的 FEEL"})


@operation("notice.recall", Text("收回公示", "Recall a notice"))
def recall(work: Work, parameters: Recall) -> None:
    """Take a running notice back; its text, the fingerprint and the reason stay on record."""
    work.notices.recall(int(parameters.notice), work.text(parameters.reason))
