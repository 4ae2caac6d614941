"""Choose the id of something new: as typed, or pinyin of its name in small letters, unique among those that are taken."""

from __future__ import annotations

import re
from collections.abc import Collection, Container

from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

_AREA = re.compile(r"(?<=..)(?:市|县|区|州|盟|旗|地区|自治州|自治县|自治旗)$")
_SYLLABLE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LONGEST = 40
_TYPED = re.compile(r"[a-z][a-z0-9_]{0,59}")


def made_id(name: str, taken: Container[str] = (), otherwise: str = "piece") -> str:
    """Return an id for what is called ``name``, such as ``chu_shen_biao``, which is not ``taken``.

    ``otherwise`` is used, with a number, where the name has nothing that can be read.
    """
    return _find_free_id(_join_words(_split_syllables(name)), taken, otherwise)


def choose_id(
    typed: str, name: str, taken: Collection[str], beside: Collection[str] = (), otherwise: str = "piece"
) -> str:
    """Return the id for what is called ``name``: as ``typed``, else made from the name, and then none of ``beside`` either.

    Raises Invalid for no name and for what cannot be an id, Conflict for one that is ``taken``.
    """
    typed = typed.strip()
    if not name.strip():
        raise Invalid(Text("请填写名称。", "Enter a name."))
    if typed and not _TYPED.fullmatch(typed):
        raise Invalid(
            Text(
                f"编号“{typed[:60]}”不能使用：请用小写字母、数字和下划线，以字母开头，最多 60 个，例如 site_check。",
                f"“{typed[:60]}” is no id: use small letters, digits and underscores, a letter first, 60 at most, such as "
                "site_check.",
            )
        )
    if typed in taken:
        raise Conflict(Text(f"编号“{typed}”已经有了，请换一个。", f"There is “{typed}” already: choose another id."))
    return typed or made_id(name, {*taken, *beside}, otherwise)


def made_place_id(name: str, taken: Container[str] = ()) -> str:
    """Return an id for a place: its name written together, without the word for its kind (兰山县: ``lanshan``)."""
    return _find_free_id("".join(_split_syllables(_AREA.sub("", name.strip())))[:_LONGEST], taken, "place")


def made_prefix(name: str) -> str:
    """Return what the ids of a place's clauses may begin with: the initials of its name (兰山县: ``LS``)."""
    initials = "".join(word[0] for word in _split_syllables(_AREA.sub("", name.strip())) if word[0].isalpha())
    return initials[:4].upper() or "A"


def _split_syllables(name: str) -> list[str]:
    from anyascii import anyascii  # its tables are read when a name is

    return [syllable.lower() for syllable in _SYLLABLE.findall(anyascii(name))]


def _join_words(words: list[str]) -> str:
    made = ""
    for word in words:
        longer = f"{made}_{word}" if made else word
        if len(longer) > _LONGEST:
            break
        made = longer
    return made


def _find_free_id(made: str, taken: Container[str], otherwise: str) -> str:
    begun = made if made and made[0].isalpha() else f"{otherwise}_{made}".rstrip("_")[:_LONGEST]
    if begun not in taken and made:
        return begun
    number = 2 if made else 1
    while f"{begun[: _LONGEST - 4]}_{number}" in taken:
        number += 1
    return f"{begun[: _LONGEST - 4]}_{number}"
