"""What the text of a clause says of the value that its assistant asks for; nothing where it could be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from service.catalog.assistants.clause_answers_said import answers_said
from service.catalog.assistants.clause_part import part_about
from service.catalog.assistants.each_tier import each_tier
from service.catalog.assistants.part_times import MOST_PARTS
from service.catalog.assistants.suggested_kind import TITLE_VALID, further_kinds, speaks_of_reviewers
from service.catalog.assistants.values_said import ANSWERS, VALUES, ValueSaid, around, kept_for
from service.catalog.assistants.weights_said import weights_said
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.law_text.bars_said import bars_told, tier_applied_for
from service.catalog.law_text.cycle import cycle_years
from service.catalog.law_text.majority_said import majority_said, without_panels
from service.catalog.law_text.numbers import LawNumber, numbers_in, only_one, percent_of
from service.catalog.law_text.objection_phases import phases_in, speaks_of_objections
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.prize_times import times_of_parts, with_remainder
from service.catalog.law_text.revocation import GROUNDS_APART, speaks_of_grounds
from service.catalog.law_text.rounds_said import (
    UNTIL_THEN,
    barred_ever,
    barred_while_valid,
    bars_applying,
    names_winners,
    rounds_barred,
    rounds_unread,
)
from service.catalog.law_text.terms_said import term_in_rounds
from service.catalog.law_text.tiers_said import TierSaid
from service.catalog.law_text.unread_text import names_place, unread_parts
from service.catalog.parameters.parameters import Unit

_TAKEN_AWAY = re.compile("撤销|收回|取消[^，。；]{0,6}(?:奖|称号|荣誉)")
_BY_VALUE = (
    AssistKind.NOTICE,
    AssistKind.QUOTA,
    AssistKind.PRIZE,
    AssistKind.BAR,
    AssistKind.CORRECTION,
    AssistKind.REVOCATION,
    AssistKind.CUT_OFF,
    AssistKind.TERM,
)
"""Assistants whose value is known by the words around it."""


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """The fields that the text fills, as somebody would type them; ``words`` are those of the text for each of them.

    ``each`` is what the text gives to each of several tiers, by their names in the text: one use of the assistant writes one
    of them. ``asked`` are the words for a field that the text could fill in several ways, or not in a unit of the assistant;
    ``unread`` the parts of the text with a number or an exception that no field took.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    each: tuple[TierSaid, ...] = ()


_MADE_KNOWN = (AssistKind.NOTICE, AssistKind.CALL, AssistKind.ANNOUNCEMENT)
"""What is made known somewhere: where that is no field says, it is told as unread."""
_TOLD_BY_SENTENCE = ("base", "secret")
"""Answers whose words are a whole sentence: it may hold numbers that nothing was read of."""
_OF_APPLICATIONS = re.compile("(?:申报|报名|参评|参选)[^，。；]{0,8}(?:总数|数量|总量|家数|数)(?:量)?的?$")
"""What a share of those who apply stands behind."""


def read_clause(kind: AssistKind, text: str, own: Collection[str] = (), tier: str = "") -> ClauseReading:
    """Return what ``text`` says of the fields of the assistant ``kind``, and what of it was not read.

    ``own`` are the names by which the regulation calls the award that is given here, ``tier`` the one of which the value is
    wanted where the text gives each its own, as the text calls it.
    """
    read = _read(kind, text, own)
    each = each_tier(kind, text)
    one = next((said for said in each if said.name == tier), None)
    if one is not None:
        read = _of_tier(one, read, kind)
        only = tier_applied_for(one.number) if kind is AssistKind.BAR else {}
        read = replace(read, fields={**read.fields, **only}, words={**read.words, **only})
    elif each and read.fields.get("unit") in {said.number.unit for said in each}:
        # 各3个 is said of each, not of all together; nor is 特等奖不再参评 where 一等奖 has its years
        read = _of_tier(None, read, kind)
    taken = _taken(kind, read, each, text)
    if kind is not AssistKind.REVOCATION:
        placed = names_place if kind in _MADE_KNOWN else None
        return replace(read, each=each, unread=unread_parts(text, taken, placed))
    if "value" in read.asked and "ground" in read.fields:  # several bars: which ground has which is for somebody to say
        fields, words = ({k: v for k, v in of.items() if k != "ground"} for of in (read.fields, read.words))
        read = ClauseReading(fields, words, {**read.asked, "ground": read.fields["ground"]})
    grounds = read.words.get("ground", "").split(GROUNDS_APART)
    return replace(read, unread=unread_parts(text, [*taken, *grounds], speaks_of_grounds))


def _taken(kind: AssistKind, read: ClauseReading, each: Sequence[TierSaid], text: str) -> list[str]:
    """Return the words of the text that were read, as often as they were: a sentence that only tells how counts for none."""
    open_since = ("since", "what") if kind is AssistKind.BAR and "value" not in read.fields else ()
    told = {*open_since, *(_TOLD_BY_SENTENCE if kind is AssistKind.MAJORITY else ()), *(("value",) if each else ())}
    words = [(key, said) for key, said in read.words.items() if key not in told]
    apart = (AssistKind.WEIGHTS, AssistKind.MAJORITY)  # 40%、40%、20%; 三分之二以上出席, 三分之二以上同意
    shares = [said for key, said in words if kind in apart or key.startswith("share_")]
    once = dict.fromkeys(said for _, said in words if said not in shares)
    barred = bars_told(each, text) if kind is AssistKind.BAR else ()
    return [*shares, *once, *barred, *(number.words for number in dict.fromkeys(said.number for said in each))]


def _of_tier(one: TierSaid | None, read: ClauseReading, kind: AssistKind) -> ClauseReading:
    """Return the reading of one tier: its value, and the rest as it is said of all; of none of them without a value.

    An attendance is that of the whole vote; whom a bar spares has a bar of its own.
    """
    asked = {key: words for key, words in read.asked.items() if key != "value"}
    its_own = {"value", "unit", "bound", "spared"} | (set() if kind is AssistKind.MAJORITY else {"second"})
    fields = {key: said for key, said in read.fields.items() if key not in its_own}
    words = {key: said for key, said in read.words.items() if key in fields}
    if one is None:
        return ClauseReading(fields, words, asked)
    bound = {"bound": one.number.bound} if one.number.bound and kind is not AssistKind.BAR else {}
    return ClauseReading(
        {**fields, "value": one.value, "unit": one.number.unit.value, **bound},
        {**words, "value": one.number.words},
        asked,
    )


def _read(kind: AssistKind, text: str, own: Collection[str]) -> ClauseReading:
    text = part_about(kind, text)
    if kind is AssistKind.CYCLE:
        return _cycle(text)
    numbers = with_remainder(text, numbers_in(text)) if kind is AssistKind.PRIZE else list(numbers_in(text))
    reader = _READERS.get(kind)
    read = reader(numbers) if reader is not None else _value(kind, numbers)
    if kind is AssistKind.WEIGHTS:
        read = ClauseReading(*weights_said(numbers, text))
    if kind is AssistKind.BAR and not read.fields:
        read = _rounds(text, read)
    if kind is AssistKind.BAR and "value" not in read.fields and (until := barred_while_valid(text)):
        read = _while_valid(until, numbers)
    if kind is AssistKind.BAR and "value" not in read.fields and (ends := UNTIL_THEN.search(squeezed(text))):
        read = _value(kind, numbers_in(f"{ends['said']}不得申报"))
    if kind is AssistKind.TERM and not read.fields and (term := term_in_rounds(squeezed(text))):
        read = _of_rounds(*term)
    if kind is AssistKind.PRIZE:
        read = _with_times(read, text, numbers)
    answers = answers_said(kind, text, own)
    unread = rounds_unread(squeezed(text)) if kind is AssistKind.BAR and "value" not in read.fields else None
    asked = {"value": unread} if unread else {}
    return ClauseReading(
        {**read.fields, **{key: answer for key, (answer, _) in answers.items()}},
        {**read.words, **{key: words for key, (_, words) in answers.items()}},
        {**read.asked, **asked},
    )


def kinds_said(text: str) -> tuple[AssistKind, ...]:
    """Return the assistants whose value ``text`` gives by words of its own: a clause may say several things."""
    numbers = numbers_in(text)
    kinds = _BY_VALUE if _TAKEN_AWAY.search(text) else [kind for kind in _BY_VALUE if kind is not AssistKind.REVOCATION]
    found = [kind for kind in kinds if each_tier(kind, text) or "value" in _value(kind, numbers, strict=True).fields]
    if speaks_of_reviewers(squeezed(text)) and AssistKind.BAR in found:
        # who reviews is barred from that, not from applying
        found.remove(AssistKind.BAR)
    elif AssistKind.BAR not in found and (bars_applying(text) or barred_while_valid(text)):
        found.append(AssistKind.BAR)
    if TITLE_VALID.search(squeezed(text)) and "value" in _value(AssistKind.VALIDITY, numbers, strict=True).fields:
        found.append(AssistKind.VALIDITY)
    if _majority(numbers_in(without_panels(text))).fields:
        found.append(AssistKind.MAJORITY)
    if weights_said(numbers, text)[0]:
        found.append(AssistKind.WEIGHTS)
    found += further_kinds(text)
    if speaks_of_objections(text) and phases_in(text):
        found.append(AssistKind.OBJECTION_WINDOW)
    return tuple(kind for kind in ASSISTANTS if kind in found)


def _rounds(text: str, otherwise: ClauseReading) -> ClauseReading:
    """For how many rounds somebody may not apply, or that they never may again."""
    found, ever = rounds_barred(squeezed(text)), barred_ever(squeezed(text))
    if found is None and ever is not None:
        since = "revocation" if _TAKEN_AWAY.search(text) else "award" if names_winners(text) else ""
        found_since = {"since": since} if since else {}
        return ClauseReading(
            {"value": "true", "unit": Unit.BOOLEAN.value, **found_since},
            {"value": ever, **dict.fromkeys(found_since, ever)},
        )
    return otherwise if found is None else _of_rounds(*found)


def _while_valid(until: str, numbers: Sequence[LawNumber]) -> ClauseReading:
    """A bar as long as a title is valid: for as many years where the clause says how long that is."""
    read = _value(AssistKind.VALIDITY, numbers, strict=True)
    if "value" not in read.fields:
        return ClauseReading({"since": "award"}, {"since": until}, {"value": until})
    found = {"value": read.fields["value"], "unit": read.fields["unit"], "since": "award"}
    return ClauseReading(found, {"value": read.words["value"], "since": until})


def _of_rounds(rounds: int, words: str) -> ClauseReading:
    return ClauseReading({"value": str(rounds), "unit": Unit.COUNT.value}, {"value": words})


def _cycle(text: str) -> ClauseReading:
    """Every how many years the award is given."""
    found = cycle_years(text)
    if found is None:
        return ClauseReading()
    years, words = found
    return ClauseReading({"value": str(years), "unit": Unit.YEARS.value}, {"value": words})


def _value(kind: AssistKind, numbers: Sequence[LawNumber], *, strict: bool = False) -> ClauseReading:
    said, kept = VALUES.get(kind, ValueSaid()), kept_for(kind, numbers)
    meant = [n for n in kept if said.meant and around(n, said.meant)]
    found, words = {}, {}
    likely = meant if said.only or strict else meant or kept
    one = only_one(likely)
    if any(n.part for n in kept) and len({(n.value, n.unit) for n in kept}) > 1:  # of all, or of one part of them
        one = None
    if one is not None:
        found = {"value": one.value, "unit": one.unit.value}
        words = {"value": one.words}
        bound = one.bound or ("minimum" if kind is AssistKind.NOTICE else "")  # a notice is not cut short: 公示期为七日
        if bound and one.unit not in (Unit.YEARS, Unit.MONTHS):
            found["bound"] = bound
    for question, (counted, told) in ANSWERS.get(kind, {}).items():
        answer = only_one([n for n in numbers if n.unit in counted and around(n, told.meant, never=told.never)])
        if answer is not None:
            found[question], words[question] = answer.value, answer.words
            if question == "recovery_days":
                found["recovery_unit"] = answer.unit.value
    several = dict.fromkeys(n.words for n in likely) if one is None else {}
    return ClauseReading(found, words, {"value": "、".join(several)} if several else {})


def _quota(numbers: Sequence[LawNumber]) -> ClauseReading:
    """So many places, a share of the applications, or both together."""
    read = _value(AssistKind.QUOTA, numbers)
    share = only_one([n for n in numbers if n.unit is Unit.FRACTION and _OF_APPLICATIONS.search(n.before)])
    if share is None:
        return read
    said = f"{float(Fraction(share.value) * 100):g}%"
    if "value" in read.fields:
        return ClauseReading({**read.fields, "second": said}, {**read.words, "second": share.words}, read.asked)
    bound = {"bound": share.bound} if share.bound else {}
    return ClauseReading({"value": said, "unit": Unit.FRACTION.value, **bound}, {"value": share.words})


def _prize(numbers: Sequence[LawNumber]) -> ClauseReading:
    """The amount, and its parts where their shares make the whole."""
    read = _value(AssistKind.PRIZE, numbers)
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    if not 1 < len(shares) <= MOST_PARTS or sum(Fraction(n.value) for n in shares) != 1:
        return read
    parts = {f"share_{n}": percent_of(one) for n, one in enumerate(shares, 1)}
    told = {f"share_{n}": one.words for n, one in enumerate(shares, 1)}
    return replace(read, fields={**read.fields, **parts}, words={**read.words, **told})


def _with_times(read: ClauseReading, text: str, numbers: Sequence[LawNumber]) -> ClauseReading:
    """Add when each part of a prize is paid, where the words beside its share say it."""
    if "share_1" not in read.fields:
        return read
    found, words = dict(read.fields), dict(read.words)
    times = times_of_parts(text, [n for n in numbers if n.unit is Unit.FRACTION])
    for number, time in enumerate(times, 1):
        if time is not None:
            found |= {f"when_{number}": time.when, f"at_{number}": time.at}
            words[f"when_{number}"] = time.words
    return ClauseReading(found, words)


def _majority(numbers: Sequence[LawNumber]) -> ClauseReading:
    """The share of votes, which is the least that is asked, and the attendance."""
    found, words = majority_said(numbers)
    return ClauseReading({**found, "bound": "minimum"} if "value" in found else found, words)


_READERS: Mapping[AssistKind, Callable[[Sequence[LawNumber]], ClauseReading]] = {
    AssistKind.QUOTA: _quota,
    AssistKind.PRIZE: _prize,
    AssistKind.MAJORITY: _majority,
}
