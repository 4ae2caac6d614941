"""The channels of an installation: a further one is one class and one line here."""

from __future__ import annotations

from service.casework.desk.channels import Channel, DemonstrationMail, Inbox, NoMail, NoWebhook
from service.jobs.smtp import SmtpMail
from service.jobs.webhook import SignedWebhook
from service.settings import Settings


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels that ``settings`` open; the demonstration posts nothing."""
    no_mail = DemonstrationMail() if settings.demo else NoMail()
    return (
        Inbox(),
        SmtpMail(settings.smtp, site=settings.public_url) if settings.smtp else no_mail,
        SignedWebhook(settings.webhook, site=settings.public_url)
        if settings.webhook and not settings.demo
        else NoWebhook(),
    )
