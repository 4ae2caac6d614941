"""Tell a person what became of their means of signing in, and that somebody else set their password or name."""

from __future__ import annotations

from enum import Enum

from service.casework.access.actor import Actor
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
    person, what = tx.people.get(person_id), change.value
    named, named_en = (f"“{about}”", f" “{about}”") if about else ("", "")
    text = Text(
        f"您的账号（登录名 {person.login}）{what.zh}{named}。如果不是您本人所为，也不是您要求的，请立即修改密码，并告诉办公室和监督机构。",
        f"In your account ({person.login}) {what.en}{named_en}. If you neither did it nor asked for it, change the password at"
        " once and tell the office and the supervisors.",
    )
    subject = Text("请留意：您的登录方式", "Look at how you sign in")
    tell_person(desk, tx, person, subject, text, change.kind)
    if before:
        tell_former_address(desk, tx, person, before, subject, text, change.kind)


def tell_of_password(desk: Desk, tx: Transaction, actor: Actor, person_id: int) -> None:
    """Put a message into the person's inbox, and send it on every channel that reaches them."""
    person = tx.people.get(person_id)
    text = Text(
        f"{actor.name}重设了您的密码。这是一次性密码，登录后须先修改；如果不是您要求的，请立即告诉办公室和监督机构，"
        "并在办件的办理记录中核对此后以您的名义办理的事项。",
        f"{actor.name} set your password. Change it when you sign in. If you did not ask for it, tell the office and the"
        " supervisors at once, and see in the history of your cases what was done in your name since.",
    )
    subject = Text("您的密码已由他人重设", "Your password was set by somebody else")
    tell_person(desk, tx, person, subject, text, "password")


def tell_of_name(desk: Desk, tx: Transaction, actor: Actor, person_id: int, before: str) -> None:
    """Tell a person under which name they stand from now on."""
    person = tx.people.get(person_id)
    text = Text(
        f"{actor.name}把您的姓名由“{before}”改为“{person.name}”。此前的记录仍为原姓名；如有不符，请告知办公室。",
        f"{actor.name} changed your name from “{before}” to “{person.name}”. Earlier records keep the old one. Tell the"
        " office if this is wrong.",
    )
    tell_person(desk, tx, person, Text("您的姓名已由管理员更改", "Your name was changed"), text, "name")


def tell_of_factor(desk: Desk, tx: Transaction, actor: Actor, person_id: int, reason: str) -> None:
    """Tell a person that their sign-in takes the password alone again."""
    person = tx.people.get(person_id)
    text = Text(
        f"{actor.name}移除了您的动态口令和通行密钥，理由：{reason}。您现在只凭密码登录，请尽快在“我的账号”中重新设置；如果不是您"
        "要求的，请立即修改密码，并告诉办公室和监督机构。",
        f"{actor.name} removed your one-time codes and passkeys: {reason}. The password alone signs you in: set them up again"
        " under “My account”. If you did not ask for it, change the password and tell the office and the supervisors at once.",
    )
    tell_person(desk, tx, person, Text("您的动态口令和通行密钥已被移除", "Codes and passkeys removed"), text, "factor")


def tell_of_link(desk: Desk, tx: Transaction, actor: Actor, person_id: int, name: str) -> None:
    """Tell a person that somebody signs in as them at an outside provider from now on."""
    person = tx.people.get(person_id)
    text = Text(
        f"{actor.name}把统一身份“{name}”关联到您的账号，此后凭该身份可以登录。如果不是您本人办理或者要求的，请立即在“我的账号”中解除，"
        "并告诉办公室和监督机构。",
        f"{actor.name} linked the identity “{name}” of the single sign-on to your account: whoever has it signs in as you."
        " If you did not do this or ask for it, remove it under “My account” at once and tell the office and the supervisors.",
    )
    tell_person(
        desk, tx, person, Text("您的账号已关联统一身份", "An identity was linked to your account"), text, "identity"
    )
