"""Bilingual texts: a sentence in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English; Chinese is what people see first."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def pick(self, language: str) -> str:
        """Return the sentence in ``language`` ("zh" or "en"); anything else gives Chinese."""
        return self.en if language == "en" else self.zh

    def as_json(self) -> dict[str, str]:
        """Return both sentences under their language's name, as records keep them."""
        return {"zh": self.zh, "en": self.en}
