"""What an assistant's questions hold before anybody answers: what is drawn already, or what the words of the clause give."""

from __future__ import annotations

import re

from service.casework.studio.law.assist_choices import AssistChoices
from service.catalog import BodyKind, Package
from service.catalog.assistants.asked_condition import listed_text
from service.catalog.assistants.drawn_answers import drawn_answers
from service.catalog.assistants.objection_answers import decider_said
from service.catalog.assistants.revocation_grounds import label_of_ground
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import Clause
from service.catalog.law_text.call_day import call_day_presets
from service.catalog.law_text.limit_starts import start_to_choose
from service.catalog.law_text.objection_phases import answered_from_elsewhere
from service.catalog.law_text.revocation import revocation_presets

_COMPOSED = re.compile("由[^。；]{2,60}?组成")
"""Of whom a body is made up: 由政府部门负责人、专家和企业代表组成 speaks of no register of experts."""
_MEMBERS = re.compile("委员(?!会)|委员会[^。；]{0,30}?(?:成员|任期)")


def told_of(package: Package, kind: AssistKind, text: str, choices: AssistChoices, changing: str) -> dict[str, str]:
    """Return the answers that are drawn already, or that the words of the clause give of themselves."""
    if kind is AssistKind.REVOCATION:
        return _revoked(package, text, choices, changing)
    if kind is AssistKind.TIME_LIMIT:
        return {"starts": start_to_choose(text)}
    told = drawn_answers(package, kind, changing)
    if kind is AssistKind.OBJECTION_WINDOW:
        return {**_extended(package, text), **_counted(text), **told}
    if kind is AssistKind.TERM:
        return {"holder": _whose_term(package, text, changing)}
    return {**call_day_presets(text), **told} if kind is AssistKind.CALL else told


def text_told(package: Package, kind: AssistKind, clause: Clause) -> str:
    """Return the text of a clause, of one that introduces a list of grounds with its items: each of them is a ground."""
    own = clause.text or clause.summary
    return own + listed_text(package, clause.id) if kind is AssistKind.REVOCATION else own


def _counted(text: str) -> dict[str, str]:
    """Return from when the answer counts as nobody said yet, where the clause names neither of the days there are."""
    return {"counted": ""} if answered_from_elsewhere(text) else {}


def _extended(package: Package, text: str) -> dict[str, str]:
    """Return the role of the place that may grant more time for an objection; none where its clause names nobody."""
    role = decider_said(package, text)
    return {"extended_by": role} if role else {}


def _whose_term(package: Package, text: str, changing: str) -> str:
    """Return the role whose term is changed, or of which the words of a clause speak alone; "" where nobody can tell."""
    place = package.jurisdiction
    text = _COMPOSED.sub("", text)
    kept = next((role.id for role in place.roles.values() if changing and role.term == changing), "")
    expert, experts, members = place.bind("expert"), "专家" in text or "评审员" in text, _MEMBERS.search(text)
    sitting = [
        role for body in place.bodies if body.kind is BodyKind.COMMITTEE for role in body.roles if role != expert
    ]
    seated = set(sitting) - {place.bind("chair")}
    meant = {expert} if experts and not members else seated if members and not experts else set()
    return kept or (meant.pop() if len(meant) == 1 and meant <= set(place.roles) else "")


def _revoked(package: Package, text: str, choices: AssistChoices, changing: str) -> dict[str, str]:
    """Return what a clause on revocation says of its ground and who acts; a ground that is there keeps its name."""
    named = ((role, body.text) for body in package.jurisdiction.bodies for role in body.roles)
    known_as = label_of_ground(package, changing)
    return revocation_presets(text, (*choices.roles, *named)) | ({"ground": known_as} if known_as else {})
