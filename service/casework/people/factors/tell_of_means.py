"""Tell a person what became of their own means of signing in: who did not do it themselves learns of it."""

from __future__ import annotations

from enum import Enum

from service.casework.desk.desk import Desk
from service.casework.people.tell_person import tell_former_address, tell_person
from service.domain.text import Text
from service.store import Transaction


class OwnChange(Enum):
    """What was changed in an account by who was signed in to it."""

    PASSWORD = Text("修改了密码", "the password was changed")
    ADDRESS = Text("更改了邮箱", "the e-mail address was changed")
    CODE_AGAIN = Text(
        "有人再次输入了已用过的动态口令，已拒绝：可能被人偷看或截取",
        "a one-time code was typed again after it had served, and was refused: somebody may have seen it",
    )
    CODES = Text("启用或重新设置了动态口令", "one-time codes were set up")
    PASSKEY_ADDED = Text("添加了通行密钥", "a passkey was added")
    PASSKEY_REMOVED = Text("移除了通行密钥", "a passkey was removed")
    PASSKEY_COPIED = Text(
        "有人用通行密钥登录，但其计数与上次不符，可能被复制，已拒绝",
        "a passkey was shown whose counter does not follow the last one: it may be a copy, and was refused",
    )

    @property
    def kind(self) -> str:
        """Its name in the keys of messages."""
        return self.name.lower()


def tell_of_means(
    desk: Desk, tx: Transaction, person_id: int, change: OwnChange, about: str = "", before: str | None = None
) -> None:
    """Put a message into the inbox of the owner, and send it on every channel.

    ``about`` names what was changed; ``before`` is an address that they were reached at until now, which is told too.
    """
    person, what = tx.people.person(person_id), change.value
    named, named_en = (f"“{about}”", f" “{about}”") if about else ("", "")
    text = (
        f"您的账号（登录名 {person.login}）{what.zh}{named}。如果不是您本人所为，也不是您要求的，请立即修改密码，并告诉办公室和监督机构。\n"
        f"In your account ({person.login}) {what.en}{named_en}. If you neither did it nor asked for it, change the password at"
        " once and tell the office and the supervisors."
    )
    subject = "请留意：您的登录方式 / Look at how you sign in"
    tell_person(desk, tx, person, subject, text, change.kind)
    if before:
        tell_former_address(desk, tx, before, subject, text, f"{change.kind}:{person_id}")
