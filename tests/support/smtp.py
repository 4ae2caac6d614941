"""A real mail server that keeps what it receives."""

from __future__ import annotations

import email
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from service.casework.desk.channels import Inbox
from service.jobs.channels import SmtpMail
from service.settings import read_settings
from tests.support.desks import Bench

SENDER = "award@example.cn"


@dataclass
class MailServer:
    """``messages`` in order of arrival; while ``refuse`` is set, everything is answered with it.

    ``unknown`` are addresses for which it takes nothing, ever.
    """

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    refuse: str = ""
    unknown: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return what was sent to ``address``."""
        pairs = zip(self.envelopes, self.messages, strict=True)
        return [message for (_, recipients), message in pairs if address in recipients]


def with_mail(bench: Bench, server: MailServer) -> Bench:
    """Return the bench with messages that leave by ``server``, and stand in the inbox."""
    named = {"LAUREL_SMTP_HOST": server.host, "LAUREL_SMTP_PORT": str(server.port), "LAUREL_SMTP_SENDER": SENDER}
    smtp = read_settings(named).smtp
    assert smtp is not None
    return replace(bench, desk=replace(bench.desk, channels=(Inbox(), SmtpMail(smtp))))


class _AnyPort(Controller):
    """Lets the system choose the port, and tells which."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def start(server: MailServer) -> Controller:
    """Run ``server`` in a thread of its own; call ``stop()`` on what this returns."""
    controller = _AnyPort(server, hostname=server.host, port=0)
    controller.start()
    server.port = controller.port
    return controller
