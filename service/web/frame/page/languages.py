"""The languages of an installation: Chinese, English, and those it has catalogues for."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.translation import Catalogue, install_catalogues, languages, translate_sentence

LANGUAGE_NAME_KEY = "语言的名称"
"""The sentence under which a catalogue says what its language calls itself."""

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_MAGIC = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}
_KNOWN = {"zh": ("zh-CN", "中文"), "en": ("en", "English")}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as pages name it: its tag for ``lang``, its direction for ``dir``, and what it calls itself."""

    id: str
    tag: str
    direction: str
    name: str


def describe_language(language: str) -> Tongue:
    """Return how pages name ``language``, one of those of the installation."""
    if language in _KNOWN:
        return Tongue(language, _KNOWN[language][0], "ltr", _KNOWN[language][1])
    name = translate_sentence(LANGUAGE_NAME_KEY, language)
    mirrored = "-Arab" in language or (language.split("-")[0] in _RIGHT_TO_LEFT and language.count("-") == 0)
    return Tongue(language, language, "rtl" if mirrored else "ltr", language if name == LANGUAGE_NAME_KEY else name)


def is_further(language: str) -> bool:
    """Return whether a catalogue may bear this name: a language besides Chinese and English."""
    return _LANGUAGE.fullmatch(language) is not None and language not in _KNOWN


def others_than(language: str) -> tuple[Tongue, ...]:
    """Return the languages a reader of ``language`` can change to."""
    return tuple(describe_language(ident) for ident in languages() if ident != language)


def load_languages(folder: Path | None) -> None:
    """Read every catalogue ``LANGUAGE.mo`` of ``folder``; without a folder there is Chinese and English.

    Raises Invalid for a file that is no catalogue or whose name is no language.
    """
    install_catalogues({path.stem: _load_catalogue(path) for path in sorted(folder.glob("*.mo"))} if folder else {})


def _load_catalogue(path: Path) -> Catalogue:
    try:
        if not is_further(path.stem):
            raise ValueError(path.stem)
        return Catalogue(_read_messages(path.read_bytes()))
    except (ValueError, KeyError, OSError, struct.error) as wrong:
        raise Invalid(
            Text(
                f"{path} 不能用作语言目录。文件名应为语言代码（如 ug.mo），内容由 make catalogue 生成。",
                f"{path} is no catalogue of a language. Name it by the language (ug.mo); make catalogue writes it.",
            )
        ) from wrong


def _read_messages(content: bytes) -> dict[str, str]:
    """Return the messages of a compiled gettext catalogue by what they translate; its header is left out."""
    order = _MAGIC[content[:4]]
    count, originals, translations = struct.unpack_from(f"{order}3I", content, 8)
    pairs = (
        (_read_string(content, order, originals, place), _read_string(content, order, translations, place))
        for place in range(count)
    )
    return {zh: translation for zh, translation in pairs if zh}


def _read_string(content: bytes, order: str, table: int, place: int) -> str:
    length, start = struct.unpack_from(f"{order}2I", content, table + 8 * place)
    if start + length > len(content):
        raise ValueError(start)
    return content[start : start + length].decode("utf-8")
