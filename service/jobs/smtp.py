"""The mailer over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from service.settings import Smtp

DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
PDF = ("application", "pdf")
SECONDS = 30
SECONDS_TO_GREET = 5
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends one message per call; the receiver can drop a repetition by its Message-ID."""

    smtp: Smtp

    def send(self, to: str, subject: str, text: str, key: str, attachments: Mapping[str, bytes]) -> None:
        """Send a message; raises OSError (smtplib.SMTPException is one) when the server does not take it."""
        message = self._message(to, subject, text, key, attachments)
        with smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=SECONDS) as server:
            self._introduce(server)
            server.send_message(message)

    def greet(self) -> None:
        """Connect, encrypt and sign in as for a message, and send none; raises OSError when that fails."""
        with smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=SECONDS_TO_GREET) as server:
            self._introduce(server)
            code, reply = server.noop()
            if code >= _REFUSED:
                raise smtplib.SMTPResponseException(code, reply)

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.smtp.starttls:
            server.starttls(context=ssl.create_default_context())
        if self.smtp.user:
            server.login(self.smtp.user, self.smtp.password)

    def _message(self, to: str, subject: str, text: str, key: str, attachments: Mapping[str, bytes]) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.smtp.sender, to, subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{key.replace(':', '.')}@{self.smtp.sender.rpartition('@')[2] or 'laurel'}>"
        message.set_content(text)
        for name, data in attachments.items():
            kind = PDF if name.endswith(".pdf") else DOCX
            message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
        return message
