"""Passwords: hashed with argon2id, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction

ENOUGH = 3
"""zxcvbn's score from 0 to 4: from 3 on, ten to the eighth guesses and more (OWASP ASVS 4.0, 2.1.8)."""

_MOST_READ = 72
"""As many characters zxcvbn takes; what is longer is judged by its beginning."""

_LEAST = 3
"""Letters of a word that is worth knowing."""


def is_guessable(password: str, personal_words: Sequence[str]) -> bool:
    """Return whether ``password`` is easily guessed by who knows the words ``personal_words`` (login name, name)."""
    from zxcvbn import zxcvbn  # its word lists are slow to load

    words = [*_common_words(), *(word for word in personal_words if len(word) >= _LEAST)]
    estimate = zxcvbn(password[:_MOST_READ], user_inputs=words)
    return int(estimate["score"]) < ENOUGH


@cache
def _common_words() -> tuple[str, ...]:
    place = Path(__file__).with_name("common_words.txt")
    return tuple(dict.fromkeys(place.read_text(encoding="utf-8").split()))


SHORTEST = 12
"""Least number of characters of a password (OWASP ASVS 4.0, 2.1.1); GB/T 22239-2019 asks for complexity, length gives it."""

LONGEST = 128
"""Greatest number of characters of a password (OWASP ASVS 4.0, 2.1.2)."""

# 19 MiB, two passes (RFC 9106 §4 with OWASP's smaller memory): with two at a time a crowd signing in costs 38 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Threads of their own: the allocator keeps freed memory per thread, so hashing in every web thread would keep 19 MiB in each.
_AT_ONCE = ThreadPoolExecutor(2, thread_name_prefix="argon2")


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``."""
    return _AT_ONCE.submit(_HASHER.hash, password).result()


def password_matches(stored: str | None, password: str) -> bool:
    """Return whether ``password`` is the one hashed as ``stored``; an empty hash takes as long and never matches."""
    return _AT_ONCE.submit(_verify_password, stored, password).result()


def require_good_password(password: str, login: str) -> None:
    """Raise Invalid unless ``password`` is long enough and not easily guessed (GB/T 22239-2019 8.1.4.1, ASVS 2.1.7)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            Text(
                f"密码须为 {SHORTEST} 至 {LONGEST} 个字符，现为 {len(password)} 个。可用一句好记的话。",
                f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}. Use a sentence.",
            ),
            field="password",
        )
    if is_guessable(password, [login, *login.replace("@", ".").split(".")]):
        raise Invalid(
            Text(
                "密码过于简单，容易被猜中：不要用登录名、姓名拼音、常见词、键盘上相邻的键、重复或者连续的字符，加数字和符号"
                "也不够。可用几个互不相干的词，或者一句好记的话。",
                "Too simple, it is easily guessed: no login name, common word, row of keys or repeated characters, nor one with "
                "digits and signs added. Use several unrelated words, or a sentence.",
            ),
            field="password",
        )


def _verify_password(stored: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(stored if stored else _get_decoy(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _get_decoy() -> str:
    """Hash that no password gives, so that an unknown login takes as long as a wrong password."""
    return _HASHER.hash("\0")


def linked_by_passwords(tx: Transaction, person_id: int, other: int) -> bool:
    """Return whether one account set the other's password, in either direction, or a third set that of both.

    What was set is followed upwards, through accounts that set those accounts' passwords, up to a password that nobody
    else set.
    """
    return not _who_may_know(tx, person_id).isdisjoint(_who_may_know(tx, other))


def _who_may_know(tx: Transaction, person_id: int) -> set[int]:
    person_ids: set[int] = set()
    link: int | None = person_id
    while link is not None and link not in person_ids:
        person_ids.add(link)
        person = tx.people.get(link)
        link = person.password_given_by
    return person_ids
