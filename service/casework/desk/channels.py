"""The channels on which messages reach people: one class each, registered where the desk is assembled.

Every message is kept first. The inbox shows it from then on; every other channel gets a work item of its own for each
message that it reaches (`service.casework.step.post`), and the background work sends it (`service.casework.due.send_message`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar, Protocol

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store.models import MailRow, PersonRow

_PAGE = re.compile(
    r"^/(?:(?:tasks|ballots|sittings|cases)/[0-9]+(?:/rating)?|tasks(?:/asked)?|cases|registrations|inbox|studio/drafts/[0-9]+/choices)$",
    re.ASCII | re.MULTILINE,
)
"""A line of a message that is a page of this installation: its reader is led there."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for: the message as it is kept, and the person, who is looked up only when asked for."""

    message: MailRow
    find: Callable[[int], PersonRow]

    @property
    def person(self) -> PersonRow | None:
        """The person; None where the message goes to an address alone."""
        return None if self.message.person_id is None else self.find(self.message.person_id)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way over one channel. A repetition has the same ``key``, so that the receiver can drop it."""

    key: str
    address: str
    subject: str
    text: str
    case: int | None
    queued_at: datetime
    person: PersonRow | None
    attachments: Callable[[], Mapping[str, bytes]]


class Delivery(Enum):
    """What became of a message on one channel."""

    SENT = "sent"
    """It went to the address that it bears, which is noted in the message."""
    PASSED_ON = "passed on"
    """A gateway took it, and answers for the rest of its way."""
    KEPT = "kept"
    """It stands where people read it; nothing leaves, now or later."""


class ChannelObstacle(LaurelError):
    """A channel cannot be used now; the message says what stands in the way and what to do."""

    code = "channel_obstacle"


_CODE = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3})?")
"""The number that a mail server's answer begins with (RFC 5321, RFC 3463)."""


class AddressRefused(LaurelError):
    """An address that takes no mail, however often it is tried: it is wrong, or gone.

    Its sentence names neither the address nor the server's words, which may: histories and the book of acts, which are not
    encrypted, repeat it.
    """

    code = "address_refused"

    def __init__(self, address: str, said: str) -> None:
        code = _CODE.match(said)
        zh, en = (f"（答复{code[0]}）", f" ({code[0]})") if code else ("", "")  # what to do says what it means
        super().__init__(
            Text(f"收件服务器不接受收件人的邮箱{zh}", f"The mail server does not take the receiver's address{en}")
        )
        self.address, self.said = address, said


class Channel(Protocol):
    """One channel on which messages reach people."""

    @property
    def name(self) -> str:
        """The name of its work items; once in use it never changes."""

    @property
    def label(self) -> Text:
        """What `laurel doctor` calls it."""

    @property
    def leaves(self) -> bool:
        """Whether messages leave the installation by it."""

    def address(self, to: Recipient) -> str | None:
        """Return where it reaches somebody, None where it does not."""

    def send(self, message: Outgoing) -> Delivery:
        """Send a message, with no database lock held.

        Raises:
            OSError: it is to be tried again.
            AddressRefused: it would be in vain until the address is another.
        """

    def describe(self) -> Text:
        """Try the way as a message would, without sending one; raises ChannelObstacle."""


@dataclass(frozen=True, slots=True)
class _StaysHere:
    """A way by which nothing leaves: what is kept is in the inbox already."""

    leaves: ClassVar[bool] = False

    def address(self, to: Recipient) -> str | None:  # noqa: ARG002  every channel is given the recipient
        """Return None: with the message everything is done."""
        return None

    def send(self, message: Outgoing) -> Delivery:  # noqa: ARG002  every channel is given the message
        """Leave the message in the inbox."""
        return Delivery.KEPT


@dataclass(frozen=True, slots=True)
class Inbox(_StaysHere):
    """The messages that people find on their own page."""

    name: ClassVar[str] = "inbox"
    label: ClassVar[Text] = Text("站内消息", "Inbox")

    def describe(self) -> Text:
        """Say that it is always there."""
        return Text("总是可用", "always there")


@dataclass(frozen=True, slots=True)
class NoMail(_StaysHere):
    """Mail where no server is set: what has an address counts as done, so that no old message leaves later."""

    name: ClassVar[str] = "mail"
    label: ClassVar[Text] = Text("邮件服务器", "Mail server")

    def address(self, to: Recipient) -> str | None:
        """Return the address that the message bears."""
        return find_unsent_address(to.message)

    def describe(self) -> Text:
        """Say where messages are instead."""
        return Text(
            "没有设置，通知只在系统中显示（LAUREL_SMTP_HOST）", "none is set: notices appear in the system only"
        )


@dataclass(frozen=True, slots=True)
class DemonstrationMail(NoMail):
    """Mail in a demonstration: nothing leaves, but an address that no server can have is refused as a server would."""

    def send(self, message: Outgoing) -> Delivery:
        """Leave the message in the inbox; raises AddressRefused for an address below ``.invalid`` (RFC 2606)."""
        if message.address.endswith(".invalid"):
            raise AddressRefused(message.address, "550 5.1.2 Host unknown")
        return Delivery.KEPT


@dataclass(frozen=True, slots=True)
class NoWebhook(_StaysHere):
    """The gateway where none is set; work that was queued for one is done with."""

    name: ClassVar[str] = "webhook"
    label: ClassVar[Text] = Text("消息网关", "Gateway of messages")

    def describe(self) -> Text:
        """Say how one is set."""
        return Text("没有设置（LAUREL_WEBHOOK_URL）", "none is set")


@dataclass(frozen=True, slots=True)
class DemonstrationWebhook(NoWebhook):
    """The gateway that a demonstration leaves alone: what fictional people get goes to no gateway that others read."""

    def describe(self) -> Text:
        """Say that the setting is not followed, and which would be."""
        return Text(
            "演示不向其他机器上的网关发送：LAUREL_WEBHOOK_URL 在演示中不起作用，本机（127.0.0.1）的网关除外",
            "a demonstration sends to no gateway of another machine: LAUREL_WEBHOOK_URL is not followed unless it names"
            " this one (127.0.0.1)",
        )


def find_unsent_address(message: MailRow) -> str | None:
    """Return the address that a message bears, None once it was sent there."""
    return message.address if message.sent_at is None else None


def names_page(line: str) -> bool:
    """Return whether a line of a message is a page of this installation, and nothing else."""
    return _PAGE.fullmatch(line) is not None


def with_addresses(text: str, site: str) -> str:
    """Return the text of a message for readers outside: lines that name a page of this installation get its address."""
    return _PAGE.sub(lambda line: f"{site}{line[0]}", text) if site else text


WITHIN: tuple[Channel, ...] = (Inbox(), NoMail(), NoWebhook())
"""The channels of an installation from which nothing leaves."""
