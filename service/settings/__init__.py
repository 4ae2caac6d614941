"""Settings of one installation, read once from the environment."""

from service.settings.declared import BadSetting, is_loopback, read_environment_file
from service.settings.read_settings import NAMES, SECRETS, make_folder, read_settings, require_loopback
from service.settings.settings import (
    AnchorsMail,
    CasPlace,
    ExposedSecret,
    OidcPlace,
    S3Place,
    Settings,
    Smtp,
    WebhookTarget,
)

__all__ = [
    "NAMES",
    "SECRETS",
    "AnchorsMail",
    "BadSetting",
    "CasPlace",
    "ExposedSecret",
    "OidcPlace",
    "S3Place",
    "Settings",
    "Smtp",
    "WebhookTarget",
    "is_loopback",
    "make_folder",
    "read_environment_file",
    "read_settings",
    "require_loopback",
]
