"""How long a sign-in lasts, as the settings of the installation say."""

from __future__ import annotations

from datetime import timedelta

from service.casework.desk.premises import SignInRules
from service.settings import Settings


def sign_in_rules_of(settings: Settings) -> SignInRules:
    """Return the rules; where the clock is moved by hand, in a demonstration, no sign-in grows old."""
    if settings.demo:
        return SignInRules()
    return SignInRules(
        _minutes(settings.idle_minutes),
        _minutes(settings.step_up_minutes),
        timedelta(days=settings.password_days) if settings.password_days else None,
        settings.administrators_from,
    )


def _minutes(count: int) -> timedelta | None:
    return timedelta(minutes=count) if count else None
