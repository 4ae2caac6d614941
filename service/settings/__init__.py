"""Settings of one installation, read once from the environment."""

from service.settings.environment_file import read_environment_file
from service.settings.group_roles import GroupRole
from service.settings.identity import CasPlace, OidcPlace
from service.settings.loopback import demand_loopback, is_loopback
from service.settings.outside import AnchorsMail, S3Place, Smtp, WebhookTarget
from service.settings.read_settings import read_settings
from service.settings.reading import BadSetting, make_folder
from service.settings.rehearsed import rehearsed
from service.settings.secrets import ExposedSecret, SecretInUse, ServiceSecrets
from service.settings.settings import Settings

__all__ = [
    "AnchorsMail",
    "BadSetting",
    "CasPlace",
    "ExposedSecret",
    "GroupRole",
    "OidcPlace",
    "S3Place",
    "SecretInUse",
    "ServiceSecrets",
    "Settings",
    "Smtp",
    "WebhookTarget",
    "demand_loopback",
    "is_loopback",
    "make_folder",
    "read_environment_file",
    "read_settings",
    "rehearsed",
]
