"""What a replay calls organisations and people who are on no roll: never by a word that stands for somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NICKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def nick_of(number: int) -> str:
    """Return what the organisation with this number, from 0, is called."""
    return _NICKS[number] if number < len(_NICKS) else f"组{number + 1}"


def words_apart(known: Iterable[str], members: Iterable[str], called: Mapping[str, str]) -> dict[str, str]:
    """Return a word that nobody has yet for each of the ``known`` names that is the word of a member of the replay.

    An account that is called ``committee#2`` and sat on no roll would be taken for the second member that did.
    """
    taken, found = set(members), dict[str, str]()
    for name in known:
        if name in taken and name not in called:
            role = name.partition("#")[0]
            free = (f"{role}#{number}" for number in range(1, len(taken) + len(found) + 2))
            found[name] = next(word for word in free if word not in taken and word not in found.values())
    return found
