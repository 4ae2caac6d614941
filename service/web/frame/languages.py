"""The languages of an installation: Chinese, English, and those it has catalogues for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.translation import Catalogue, install, languages

_TAGS = {"zh": "zh-CN"}
_NAMES = {"zh": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as pages name it: its tag for ``lang``, its direction for ``dir``, and what it calls itself."""

    id: str
    tag: str
    direction: str
    name: str


def tongue(language: str) -> Tongue:
    """Return how pages name ``language``, one of those of the installation."""
    locale = Locale.parse(language)
    name = _NAMES.get(language) or locale.get_display_name() or language
    return Tongue(language, _TAGS.get(language, language), locale.text_direction, name)


def others_than(language: str) -> tuple[Tongue, ...]:
    """Return the languages a reader of ``language`` can change to."""
    return tuple(tongue(one) for one in languages() if one != language)


def load_languages(folder: Path | None) -> None:
    """Read every catalogue ``LANGUAGE.po`` of ``folder``; without a folder there is Chinese and English.

    Raises Invalid for a file that is no catalogue or whose name is no language.
    """
    found = sorted(folder.glob("*.po")) if folder else []
    install({path.stem: _catalogue(path) for path in found})


def _catalogue(path: Path) -> Catalogue:
    try:
        Locale.parse(path.stem)
        with path.open("rb") as file:
            found = read_po(file, locale=path.stem, abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError) as wrong:
        raise Invalid(
            Text(
                f"{path} 不能用作语言目录：{wrong}。文件名应为语言代码（如 ug.po），内容为 gettext 目录。",
                f"{path} is no catalogue of a language: {wrong}. Name it by the language (ug.po); it holds a gettext catalogue.",
            )
        ) from wrong
    said = [message for message in found if isinstance(message.id, str) and message.id and not message.fuzzy]
    return Catalogue({str(message.id): str(message.string) for message in said})
