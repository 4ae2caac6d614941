"""What a clause says of each tier of an award, by the tiers that a package has: one use of an assistant writes one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.catalog.assistants.clause_reading import ClauseReading, read_clause
from service.catalog.assistants.expert_bars import LIMITS, limits_read
from service.catalog.assistants.own_award import own_names
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.expert_limits import expert_limits
from service.catalog.law_text.groups_said import groups_said
from service.catalog.law_text.tiers_said import TierSaid, tier_called
from service.catalog.law_text.unread_text import unread_parts
from service.catalog.new_city.group_places import limits_as_drawn
from service.catalog.new_city.score_pieces import by_category
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class TierOffer:
    """A tier to which a clause gives a number: its id, its name here, the ``words`` of the text.

    ``parameter`` is the one that has the number already and cites the clause, "" for none.
    """

    id: str
    name: Text
    words: str
    parameter: str = ""


def tiers_of_clause(package: Package, kind: AssistKind, text: str) -> Mapping[str, TierSaid]:
    """Return what ``text`` gives to each tier of the package, by its id; nothing where it speaks of no two tiers.

    Nothing of a cut-off either where nobody applies for a tier: all applications are ranked together then.
    """
    if kind is AssistKind.CUT_OFF and not by_category(package):
        return {}
    tiers = [(tier.id, tier.text.zh) for tier in package.award.tiers]
    found: dict[str, TierSaid] = {}
    for said in read_clause(kind, text, own_names(package)).each:
        ident = tier_called(said.name, tiers)
        if not ident or ident in found:
            continue
        found[ident] = said
    return found


def read_for_tier(package: Package, kind: AssistKind, text: str, tier: str) -> ClauseReading:
    """Return what ``text`` says of ``tier`` (an id, "" for all together); what it gives to no tier of the package is unread.

    Of several groups (industries, organisations and persons) ``tier`` is the name of one, "" for the first without a limit; of
    several limits of experts it is one of them, "" for the first.
    """
    if kind is AssistKind.EXPERT_BAR and len(limits := expert_limits(text)) > 1:
        return _read_for_limit(limits, text, tier)
    if kind is AssistKind.GROUP_PLACES and (groups := groups_said(text)):
        return _read_for_group(package, groups, text, tier)
    known = tiers_of_clause(package, kind, text)
    wanted = known.get(tier)
    read = read_clause(kind, text, own_names(package), wanted.name if wanted else "")
    if not read.each:
        return read
    left = [said for said in read.each if said not in known.values()]
    numbers = dict.fromkeys(said.number for said in known.values())
    parts = unread_parts(text, [number.words for number in numbers]) if left else ()
    told = [part for part in parts if any(said.number.words in part for said in left)]
    return replace(read, unread=tuple(dict.fromkeys([*told, *read.unread])))


def _read_for_group(package: Package, groups: Sequence[TierSaid], text: str, group: str) -> ClauseReading:
    drawn = limits_as_drawn(package)
    left = [said for said in groups if said.name not in drawn]
    said = next((one for one in groups if one.name == group), (left or groups)[0])
    bound = {"bound": said.number.bound} if said.number.bound else {}
    return ClauseReading(
        {"group": said.name, "value": said.value, "unit": said.number.unit.value, **bound},
        {"group": said.name, "value": said.number.words},
        unread=unread_parts(text, [one.number.words for one in groups]),
    )


def _read_for_limit(limits: Sequence[tuple[str, str, str]], text: str, wanted: str) -> ClauseReading:
    limit, value, words = next((one for one in limits if one[0] == wanted), limits[0])
    number = {"value": value, "unit": LIMITS[limit].unit.value} if value else {}
    fields = {"limit": limit, **number}
    return ClauseReading(
        fields, dict.fromkeys(fields, words), unread=unread_parts(text, [said for _, _, said in limits])
    )


def offers_of(package: Package, kind: AssistKind, clause: str, text: str) -> tuple[TierOffer, ...]:
    """Return the tiers to which a clause gives numbers, each with the parameter that has it already; so its groups, by name.

    So the limits of experts, where it names several.
    """
    if kind is AssistKind.EXPERT_BAR:
        return _limits_offered(package, clause, expert_limits(text))
    if kind is AssistKind.GROUP_PLACES:
        drawn = limits_as_drawn(package)
        return tuple(
            TierOffer(said.name, Text(said.name, said.name), said.number.words, drawn.get(said.name, ""))
            for said in groups_said(text)
        )
    free = [one for one in package.award.parameters.values() if clause in one.clauses]
    names = {tier.id: tier.text for tier in package.award.tiers}
    found: list[TierOffer] = []
    for ident, said in tiers_of_clause(package, kind, text).items():
        holder = next((one for one in free if _has(one, said, names[ident])), None)
        free = [one for one in free if one is not holder]
        found.append(TierOffer(ident, names[ident], said.number.words, holder.id if holder else ""))
    return tuple(found)


def _limits_offered(package: Package, clause: str, limits: Sequence[tuple[str, str, str]]) -> tuple[TierOffer, ...]:
    cited = [one.id for one in package.award.parameters.values() if clause in one.clauses]
    read = {limit: ident for ident in reversed(cited) for limit in limits_read(package, ident)}
    return tuple(
        TierOffer(limit, LIMITS[limit].name, words, read.get(limit, ""))
        for limit, _, words in (limits if len(limits) > 1 else ())
    )


def _has(parameter: Parameter, said: TierSaid, name: Text) -> bool:
    """Tell whether a parameter has the number that is said of a tier, under a name that does not speak of another."""
    value = parameter.values[-1].value if parameter.values else None
    return parameter.unit is said.number.unit and str(value).lower() == said.value and name.zh in parameter.text.zh
