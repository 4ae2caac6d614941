"""What the law wants at the foot of a government's site: who runs it, how to reach them, and its registrations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.text import Text
from service.settings.reading import BadSetting

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Imprint:
    """The words of an installation, each "" where it has none.

    ``operator`` is who runs the site (主办单位), ``contact`` how to reach them (联系方式), ``record`` its registration with
    the ministry (ICP备案号), ``police_record`` the one with the police (公安备案号), ``code`` the government's own number of
    the site (政府网站标识码).
    """

    operator: str = ""
    contact: str = ""
    record: str = ""
    police_record: str = ""
    code: str = ""


def imprint_in(environment: Mapping[str, str]) -> Imprint:
    """Return the words that ``LAUREL_SITE_…`` give; raises BadSetting for what is too long or has more than one line."""
    return Imprint(*(_words(environment, f"LAUREL_SITE_{name.upper()}") for name in Imprint.__dataclass_fields__))


def _words(environment: Mapping[str, str], name: str) -> str:
    words = environment.get(name, "").strip()
    if len(words) > _LONGEST or not words.isprintable():
        raise BadSetting(
            Text(
                f"{name} 应是一行文字，不超过 {_LONGEST} 字。",
                f"{name} must be one line of {_LONGEST} characters at most.",
            )
        )
    return words
