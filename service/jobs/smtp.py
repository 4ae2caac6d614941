"""Messages by mail, over SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from threading import Event, Timer
from typing import ClassVar

from service.casework.desk.channels import (
    AddressRefused,
    ChannelObstacle,
    Delivery,
    Outgoing,
    Recipient,
    unsent,
    with_addresses,
)
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.settings import Smtp

DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
PDF = ("application", "pdf")
_KINDS = {"pdf": PDF, "jsonl": ("application", "x-ndjson")}
SECONDS = 30
SECONDS_FOR_ALL = 120
"""So long sending one message may take in all."""
SECONDS_TO_GREET = 5
_REFUSED = 400
_FOR_GOOD = 500
"""From this code on a server means what it refuses for good (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """The channel of mail: one message per call; the receiver can drop a repetition by its Message-ID.

    ``site`` is the address of this installation, for the pages that messages name.
    """

    smtp: Smtp
    deadline: float = SECONDS_FOR_ALL
    site: str = ""
    name: ClassVar[str] = "mail"
    label: ClassVar[Text] = Text("邮件服务器", "Mail server")
    leaves: ClassVar[bool] = True

    def address(self, to: Recipient) -> str | None:
        """Return the address that the message bears, until it was sent there."""
        return unsent(to.message)

    def send(self, message: Outgoing) -> Delivery:
        """Send a message; raises OSError (smtplib.SMTPException is one) when the server does not take it now.

        Raises AddressRefused where it takes none for that address.
        """
        written = self._message(message)
        with self._connected(SECONDS, self.deadline) as server:
            try:
                server.send_message(written)
            except smtplib.SMTPRecipientsRefused as refusal:
                for code, said in refusal.recipients.values():
                    if code >= _FOR_GOOD:
                        answer = f"{code} {said.decode('utf-8', 'replace')}"
                        raise AddressRefused(message.address, answer) from refusal
                raise
        return Delivery.SENT

    def describe(self) -> Text:
        """Connect, encrypt and sign in as for a message, and send none; raises ChannelObstacle when that fails."""
        try:
            self._greet()
        except OSError as error:
            raise ChannelObstacle(_trouble(error)) from error
        return Text("可以连接", "answers")

    def _greet(self) -> None:
        with self._connected(SECONDS_TO_GREET, 2 * SECONDS_TO_GREET) as server:
            code, reply = server.noop()
            if code >= _REFUSED:
                raise smtplib.SMTPResponseException(code, reply)

    @contextmanager
    def _connected(self, patience: float, deadline: float) -> Iterator[smtplib.SMTP]:
        """Give a connection that is signed in; an answer may take ``patience``, everything together ``deadline`` seconds."""
        over = Event()
        try:
            with _BoundedSmtp(self.smtp, patience, deadline, over) as server:
                self._introduce(server)
                yield server
        except OSError as error:
            if over.is_set():
                raise TimeoutError(f"not finished within {deadline:g} s") from error
            raise

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.smtp.starttls:
            server.starttls(context=ssl.create_default_context())
        if self.smtp.user:
            server.login(self.smtp.user, self.smtp.password)

    def _message(self, outgoing: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.smtp.sender, _one_line(outgoing.address)
        message["Subject"] = _one_line(outgoing.subject)
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = (
            f"<{_one_line(outgoing.key).replace(':', '.')}@{self.smtp.sender.rpartition('@')[2] or 'laurel'}>"
        )
        message.set_content(with_addresses(outgoing.text, self.site))
        for name, data in outgoing.attachments().items():
            kind = _KINDS.get(name.rpartition(".")[2], DOCX)
            message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
        return message


def _one_line(said: str) -> str:
    """Return words on one line: a heading of a mail holds no end of a line, whoever typed one into a name (RFC 5322)."""
    return " ".join(said.splitlines())


class _BoundedSmtp(smtplib.SMTP):
    """A connection that ends after ``deadline`` seconds, whatever the server does; ``over`` tells that it was ended so.

    A server that sends a byte now and then would otherwise hold the work of everybody for hours.
    """

    def __init__(self, smtp: Smtp, patience: float, deadline: float, over: Event) -> None:
        self._over = over
        self._timer = Timer(deadline, self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(smtp.host, smtp.port, timeout=patience)
        except BaseException:
            self._timer.cancel()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._timer.cancel()
        super().close()

    def _hang_up(self) -> None:
        """End the connection under whoever reads or writes: the next byte is an error there."""
        self._over.set()
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _trouble(error: OSError) -> Text:
    why = cause_words(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Text(
            "不接受用户名或密码，请核对 LAUREL_SMTP_USER 和 LAUREL_SMTP_PASSWORD",
            "refuses the user or password: check LAUREL_SMTP_USER and LAUREL_SMTP_PASSWORD",
        )
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Text(
            f"不能建立加密连接（{why.zh}），请核对证书或 LAUREL_SMTP_STARTTLS",
            f"no encrypted connection ({why.en}): check its certificate or LAUREL_SMTP_STARTTLS",
        )
    return Text(
        f"连接不上（{why.zh}），邮件留待重发。请核对 LAUREL_SMTP_HOST、LAUREL_SMTP_PORT 和网络",
        f"cannot be reached ({why.en}); mail waits to be sent. Check LAUREL_SMTP_HOST, LAUREL_SMTP_PORT and the network",
    )
