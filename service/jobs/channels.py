"""The channels that the settings open: inbox, mail and a signed gateway."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from service.casework.desk.channels import (
    Channel,
    DemonstrationMail,
    DemonstrationWebhook,
    Inbox,
    NoMail,
    NoWebhook,
)
from service.jobs.smtp import SmtpMail
from service.jobs.webhook import SignedWebhook
from service.settings import Settings, is_loopback

log = logging.getLogger(__name__)


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels that ``settings`` open."""
    return Inbox(), _mail(settings), _webhook(settings)


def channels_of_preparation() -> tuple[Channel, ...]:
    """Return the channels while the demonstration's seasons are prepared: what happened before one looks posts nothing."""
    return Inbox(), DemonstrationMail(), NoWebhook()


def _mail(settings: Settings) -> Channel:
    if settings.smtp:
        if settings.demo:
            log.warning(
                "the demonstration sends mail by LAUREL_SMTP_HOST, but its people have no addresses: "
                "enter one under “My account” of who is to get it"
            )
        return SmtpMail(settings.smtp, site=settings.public_url)
    return DemonstrationMail() if settings.demo else NoMail()


def _webhook(settings: Settings) -> Channel:
    """Return the gateway; in the demonstration it is one on this machine, as the demonstration is."""
    if not settings.webhook:
        return NoWebhook()
    if settings.demo and not is_loopback(urlsplit(settings.webhook.url).hostname or ""):
        log.warning("the demonstration does not follow LAUREL_WEBHOOK_URL: it sends to gateways on this machine only")
        return DemonstrationWebhook()
    return SignedWebhook(settings.webhook, site=settings.public_url)
