"""A sentence in the languages of the product, and in those an installation has catalogues for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.translation import FURTHER, translate_sentence


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English; Chinese is what people see first.

    ``others`` are (language, sentence) of the further languages in which it was written itself.
    """

    zh: str
    en: str
    others: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.zh

    def pick(self, language: str) -> str:
        """Return the sentence in ``language``: as written, else as its catalogue has it, else in Chinese."""
        if language in ("zh", "en"):
            return self.zh if language == "zh" else self.en
        return dict(self.others).get(language) or translate_sentence(self.zh, language)

    def as_json(self) -> dict[str, str]:
        """Return the sentences under their language's name, as records keep them."""
        return {"zh": self.zh, "en": self.en, **dict(self.others)}


class HasName:
    """Something with a name in every language, its ``text``."""

    __slots__ = ()
    text: Text

    @property
    def name(self) -> str:
        """The name in Chinese."""
        return self.text.zh

    @property
    def name_en(self) -> str:
        """The name in English."""
        return self.text.en


def text_of(translations: Mapping[str, str]) -> Text:
    """Return a sentence that was kept by ``as_json``; without English the Chinese serves for both."""
    others = tuple((language, words) for language, words in translations.items() if language not in ("zh", "en"))
    zh = translations.get("zh", "")
    return Text(zh, translations.get("en") or zh, others)


def read_translated_text(raw: Mapping[str, object], key: str, chinese: str) -> Text:
    """Return ``chinese`` with what ``raw`` says of it in other languages, under ``KEY_en``, ``KEY_ug`` and so on."""
    others = tuple(
        (name[len(key) + 1 :], str(words)) for name, words in raw.items() if words and _is_further(name, key)
    )
    return Text(chinese, str(raw.get(f"{key}_en") or chinese), others)


def join_sentences(texts: Sequence[Text], between: str) -> Text:
    """Return several sentences as one, in every language that one of them was written in."""
    others = dict.fromkeys(language for text in texts for language, _ in text.others)
    further = tuple((language, between.join(text.pick(language) for text in texts)) for language in others)
    return Text(between.join(text.zh for text in texts), between.join(text.en for text in texts), further)


def english_key(name: str) -> str:
    """Return ``label_en`` for ``label_ug``: what is allowed in English is allowed in every language."""
    key, _, language = name.rpartition("_")
    return f"{key}_en" if language in FURTHER else name


def _is_further(name: str, key: str) -> bool:
    return name.startswith(f"{key}_") and name[len(key) + 1 :] in FURTHER
