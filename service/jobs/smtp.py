"""Mail over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from service.settings import Smtp

DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
SECONDS = 30


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends one message per call; the receiver can drop a repetition by its Message-ID."""

    smtp: Smtp

    def send(self, to: str, subject: str, text: str, key: str, attachments: Mapping[str, bytes]) -> None:
        """Send a message; raises OSError (smtplib.SMTPException is one) when the server does not take it."""
        message = self._message(to, subject, text, key, attachments)
        with smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=SECONDS) as server:
            if self.smtp.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.smtp.user:
                server.login(self.smtp.user, self.smtp.password)
            server.send_message(message)

    def _message(self, to: str, subject: str, text: str, key: str, attachments: Mapping[str, bytes]) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.smtp.sender, to, subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{key.replace(':', '.')}@{self.smtp.sender.rpartition('@')[2] or 'laurel'}>"
        message.set_content(text)
        for name, data in attachments.items():
            message.add_attachment(data, maintype=DOCX[0], subtype=DOCX[1], filename=name)
        return message
