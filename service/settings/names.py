"""The names of all settings, and what tells a misspelt one: it would leave its value out without a word."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from service.domain.text import Text
from service.settings.reading import BadSetting

PREFIX = "LAUREL_"
_WORDS = """
ACTS_PER_PERSON ADMINISTRATORS_FROM ANCHORS ANCHORS_MAIL ANCHORS_MAIL_HOURS BACKUPS BACKUP_COMMAND BALLOT_KEYS CASE_MEGABYTES CAS_GROUPS
CAS_ROLES CAS_SECOND_FACTOR CAS_URL CERTIFICATE CIPHER DATA DATABASE DATABASE_OWNER DATABASE_WAIT DATA_KEYS DEMO DIGEST FILES
FILES_ENDPOINT FILES_KEY FILES_REGION FILES_SECRET FONTS HOST HTTPS HTTPS_BELOW
IDLE_MINUTES LANGUAGES LOG METRICS_TOKEN OIDC_CLIENT
OIDC_GROUPS OIDC_ISSUER OIDC_ROLES OIDC_SCOPE OIDC_SECOND_FACTOR OIDC_SECRET PASSWORD_DAYS PERSON_MEGABYTES
PLAIN_LINES PORT PROGRAM PUBLIC_ADDRESS_MEGABYTES PUBLIC_HOURS PUBLIC_MEGABYTES PUBLIC_URL RATING_DAYS
REQUESTS_PER_ADDRESS REQUESTS_PER_PERSON SCANNER SCANNER_AWAY SECOND_FACTOR SECRET_DAYS SEPARATION SESSION_HOURS
SETTINGS SIGN_COMMAND SITE_CODE SITE_CONTACT SITE_OPERATOR SITE_POLICE_RECORD SITE_RECORD SMTP_HOST SMTP_PASSWORD SMTP_PORT
SMTP_SENDER SMTP_STARTTLS SMTP_USER STEP_UP_MINUTES THREADS
TRANSFER_TO TRUSTED_PROXY UPLOAD_MEGABYTES WEBHOOK_PRIVATE WEBHOOK_SECRET WEBHOOK_URL
"""
NAMES = frozenset(PREFIX + name for name in _WORDS.split())

_ALIKE = 0.93
"""From so much on two names are one, misspelt: a letter that is missing, doubled, swapped or another."""


def demand_spelt(environment: Mapping[str, str]) -> None:
    """Raise BadSetting for the name of a setting that is misspelt; other names with our prefix are somebody else's."""
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in NAMES:
            meant = difflib.get_close_matches(name, NAMES, 1, _ALIKE)
            if meant and meant[0] not in environment:
                raise BadSetting(
                    Text(
                        f"没有名为 {name} 的设置，应为 {meant[0]}：写错的名称不起作用。请在设置文件中改正。",
                        f"There is no setting {name}; {meant[0]} is meant? A misspelt name has no effect: correct it.",
                    )
                )
