"""The channels of messages: mail by SMTP, a signed webhook."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from threading import Event, Timer
from typing import ClassVar
from urllib.parse import quote, urlsplit

from service.casework.desk.channels import (
    AddressRefused,
    Channel,
    ChannelObstacle,
    Delivery,
    DemonstrationMail,
    DemonstrationWebhook,
    Inbox,
    NoMail,
    NoWebhook,
    Outgoing,
    Recipient,
    find_unsent_address,
    with_addresses,
)
from service.domain.text import Text
from service.domain.wording.cause_words import ToldCause, cause_words
from service.office.bounded_line import bounded_line, path_of
from service.settings import Settings, Smtp, WebhookTarget, is_loopback

DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
PDF = ("application", "pdf")
_KINDS = {"pdf": PDF, "jsonl": ("application", "x-ndjson")}
MAIL_SECONDS = 30
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
        return find_unsent_address(to.message)

    def send(self, message: Outgoing) -> Delivery:
        """Send a message; raises OSError (smtplib.SMTPException is one) when the server does not take it now.

        Raises AddressRefused where it takes none for that address.
        """
        written = self._build_message(message)
        with self._connected(MAIL_SECONDS, self.deadline) as server:
            try:
                server.send_message(written)
            except smtplib.SMTPRecipientsRefused as refusal:
                for code, reply in refusal.recipients.values():
                    if code >= _FOR_GOOD:
                        answer = f"{code} {reply.decode('utf-8', 'replace')}"
                        raise AddressRefused(message.address, answer) from refusal
                raise
        return Delivery.SENT

    def describe(self) -> Text:
        """Connect, encrypt and sign in as for a message, and send none; raises ChannelObstacle when that fails."""
        try:
            self._greet_server()
        except OSError as error:
            raise ChannelObstacle(_describe_trouble(error)) from error
        return Text("可以连接", "answers")

    def _greet_server(self) -> None:
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
                self._log_in(server)
                yield server
        except OSError as error:
            if over.is_set():
                raise TimeoutError(f"not finished within {deadline:g} s") from error
            raise

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.smtp.starttls:
            server.starttls(context=ssl.create_default_context())
        if self.smtp.user:
            server.login(self.smtp.user, self.smtp.password)

    def _build_message(self, outgoing: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.smtp.sender, _flatten_lines(outgoing.address)
        message["Subject"] = _flatten_lines(outgoing.subject)
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = (
            f"<{_flatten_lines(outgoing.key).replace(':', '.')}@{self.smtp.sender.rpartition('@')[2] or 'laurel'}>"
        )
        message.set_content(with_addresses(outgoing.text, self.site))
        for name, data in outgoing.attachments().items():
            kind = _KINDS.get(name.rpartition(".")[2], DOCX)
            message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
        return message


def _flatten_lines(words: str) -> str:
    """Return words on one line: a heading of a mail holds no end of a line, whoever typed one into a name (RFC 5322)."""
    return " ".join(words.splitlines())


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


def _describe_trouble(error: OSError) -> Text:
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


WEBHOOK_SECONDS = 10.0
"""How long a message may take from looking up the gateway's name to its answer."""

REST = 30.0
"""Seconds for which a gateway that could not be reached is not asked again, so that other due work goes on."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4 = 0xFFFFFFFF


class WebhookRefused(ToldCause):
    """The gateway did not take a message, or stands where messages must not go."""

    tells_of_nobody = True


@dataclass(slots=True)
class SignedWebhook:
    """Posts one message per call as JSON; redirections are not followed.

    ``Laurel-Signature`` is the HMAC-SHA-256 of ``Laurel-Timestamp``, a full stop and the body, keyed by the secret.
    ``Idempotency-Key`` is the same when a message is posted again; the signed body says it too, as ``key``.
    ``site`` is the address of this installation, for the pages that messages name.
    """

    target: WebhookTarget
    seconds: float = WEBHOOK_SECONDS
    site: str = ""
    name: ClassVar[str] = "webhook"
    label: ClassVar[Text] = Text("消息网关", "Gateway of messages")
    leaves: ClassVar[bool] = True
    _trouble: Text = field(default=Text("", ""), init=False)
    _rests_until: float = field(default=0.0, init=False)

    def address(self, to: Recipient) -> str | None:
        """Return the number of the person; the gateway learns at the sending where to find them."""
        return None if to.message.person_id is None else str(to.message.person_id)

    def send(self, message: Outgoing) -> Delivery:
        """Post a message and whom it is for; raises OSError when the gateway does not take it."""
        person = message.person
        recipient = {name: getattr(person, name, None) for name in ("login", "name", "telephone", "email")}
        content = {"subject": message.subject, "text": with_addresses(message.text, self.site), "case": message.case}
        self.post(message.key, {"recipient": recipient, **content, "queued_at": message.queued_at.isoformat()})
        return Delivery.PASSED_ON

    def describe(self) -> Text:
        """Connect and encrypt as for a message, and send none; raises ChannelObstacle when that fails."""
        try:
            with self._connected():
                return Text("可以连接", "answers")
        except OSError as error:
            why = cause_words(error)
            raise ChannelObstacle(
                Text(
                    f"连接不上（{why.zh}），消息留待重发。请核对 LAUREL_WEBHOOK_URL、证书和网络",
                    f"cannot be reached ({why.en}); messages wait to be sent."
                    " Check LAUREL_WEBHOOK_URL, its certificate and the network",
                )
            ) from error

    def post(self, key: str, message: Mapping[str, object]) -> None:
        """Post; raises OSError when the gateway cannot be reached, may not be, or answers anything but 2xx."""
        if time.monotonic() < self._rests_until:
            raise WebhookRefused(
                Text(
                    f"不到{REST:.0f}秒前刚失败过，暂不再连：{self._trouble.zh}",
                    f"not asked, since less than {REST:.0f} seconds ago: {self._trouble.en}",
                )
            )
        key = quote(key, safe=":/", errors="replace")
        try:
            status = self._post_message(key, json.dumps({"key": key, **message}, ensure_ascii=False).encode())
        except OSError as error:
            self._trouble, self._rests_until = cause_words(error), time.monotonic() + REST
            raise
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise WebhookRefused(Text(f"网关答复 {status}", f"the gateway answered {status}"))

    def _post_message(self, key: str, body: bytes) -> int:
        stamp = str(int(time.time()))
        signature = hmac.new(self.target.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Laurel-Timestamp": stamp,
            "Laurel-Signature": f"sha256={signature}",
        }
        with self._connected() as connection:
            connection.request("POST", path_of(self.target.url), body, headers)
            return connection.getresponse().status

    def _connected(self) -> AbstractContextManager[http.client.HTTPConnection]:
        """Connect, and cut the line when the time is over, however slowly the gateway goes on answering."""
        return bounded_line(self.target.url, self.seconds, self._connect_socket, WebhookRefused)

    def _connect_socket(self, host: str, port: int) -> socket.socket:
        """Connect to an address that was looked at, so that the name cannot lead elsewhere a moment later."""
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        allowed = [each for each in addresses if self.target.private or is_public(each)]
        if not allowed:
            raise WebhookRefused(
                Text(
                    f"{host} 的地址 {addresses[0]} 不是公网地址；网关确在内网的，设 LAUREL_WEBHOOK_PRIVATE=yes",
                    f"{host} is {addresses[0]}, which is no public address; where the gateway is meant to be there, set"
                    " LAUREL_WEBHOOK_PRIVATE=yes",
                )
            )
        for address in allowed[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, port), timeout=self.seconds / len(allowed))
        return socket.create_connection((allowed[-1], port), timeout=self.seconds / len(allowed))


def is_public(address: str) -> bool:
    """Return whether an address lies outside of every private network, also the IPv4 address that an IPv6 one stands for."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    inner = ip.ipv4_mapped or ip.sixtofour
    if ip in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(ip) & _IPV4)
    return is_public(str(inner)) if inner is not None else ip in _GLOBAL_UNICAST and ip.is_global


log = logging.getLogger(__name__)


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels that ``settings`` open."""
    return Inbox(), _choose_mail(settings), _choose_webhook(settings)


def channels_of_preparation() -> tuple[Channel, ...]:
    """Return the channels while the demonstration's seasons are prepared: what happened before one looks posts nothing."""
    return Inbox(), DemonstrationMail(), NoWebhook()


def _choose_mail(settings: Settings) -> Channel:
    if settings.smtp:
        if settings.demo:
            log.warning(
                "the demonstration sends mail by LAUREL_SMTP_HOST, but its people have no addresses: "
                "enter one under “My account” of who is to get it"
            )
        return SmtpMail(settings.smtp, site=settings.public_url)
    return DemonstrationMail() if settings.demo else NoMail()


def _choose_webhook(settings: Settings) -> Channel:
    """Return the gateway; in the demonstration it is one on this machine, as the demonstration is."""
    if not settings.webhook:
        return NoWebhook()
    if settings.demo and not is_loopback(urlsplit(settings.webhook.url).hostname or ""):
        log.warning("the demonstration does not follow LAUREL_WEBHOOK_URL: it sends to gateways on this machine only")
        return DemonstrationWebhook()
    return SignedWebhook(settings.webhook, site=settings.public_url)
