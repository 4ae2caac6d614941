"""A sentence in the languages of the product, and in those an installation has catalogues for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.translation import translated


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
        return dict(self.others).get(language) or translated(self.zh, language)

    def as_json(self) -> dict[str, str]:
        """Return the sentences under their language's name, as records keep them."""
        return {"zh": self.zh, "en": self.en, **dict(self.others)}


def text_of(found: Mapping[str, str]) -> Text:
    """Return a sentence that was kept by ``as_json``; without English the Chinese serves for both."""
    others = tuple((language, said) for language, said in found.items() if language not in ("zh", "en"))
    zh = found.get("zh", "")
    return Text(zh, found.get("en") or zh, others)
