"""Operation that sends a letter to people of a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.sdk import Letter, Text, Work, operation


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
