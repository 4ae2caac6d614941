"""How easily a password is guessed: by zxcvbn, with words that people here choose and with what is known of the person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

ENOUGH = 3
"""zxcvbn's score from 0 to 4: from 3 on, ten to the eighth guesses and more (OWASP ASVS 4.0, 2.1.8)."""

_MOST_READ = 72
"""As many characters zxcvbn takes; what is longer is judged by its beginning."""

_LEAST = 3
"""Letters of a word that is worth knowing."""


def is_guessable(password: str, known: Sequence[str]) -> bool:
    """Return whether ``password`` is easily guessed by who knows the words ``known`` (login name, name)."""
    from zxcvbn import zxcvbn  # its word lists are slow to load

    words = [*_common_words(), *(word for word in known if len(word) >= _LEAST)]
    found = zxcvbn(password[:_MOST_READ], user_inputs=words)
    return int(found["score"]) < ENOUGH


@cache
def _common_words() -> tuple[str, ...]:
    place = Path(__file__).with_name("common_words.txt")
    return tuple(dict.fromkeys(place.read_text(encoding="utf-8").split()))
