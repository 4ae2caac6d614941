"""The tier that was chosen in an assistant: one that the award has, and one at all where the text gives each a number."""

from __future__ import annotations

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import Unit
from service.catalog.assistants.tier_readings import tiers_of_clause
from service.domain.errors import Invalid
from service.domain.text import Text


def demand_tier(tree: DraftTree, typed: TypedAssistance) -> None:
    """Raise Invalid for a tier that the award has not: it would be written into formulas."""
    known = {tier.id: tier.text for tier in tree.package.award.tiers}
    if typed.tier and typed.tier not in known:
        names = Text("、".join(text.zh for text in known.values()), ", ".join(text.en for text in known.values()))
        raise Invalid(
            Text(
                f"没有奖项“{typed.tier}”，请在“哪个奖项”中选择：{names.zh}。",
                f"There is no tier “{typed.tier}”: choose one of {names.en}.",
            )
        )


def demand_tier_of(tree: DraftTree, typed: TypedAssistance, text: str) -> None:
    """Raise Invalid where the text gives each tier a number and none was chosen: one for all of them it does not say."""
    known = tiers_of_clause(tree.package, typed.kind, text)
    if typed.tier or typed.element or typed.unit == Unit.FRACTION.value or len(known) < 2:
        return
    names = {tier.id: tier.text for tier in tree.package.award.tiers}
    said = [(names[ident], one.number.words) for ident, one in known.items()]
    zh, en = "、".join(f"{name.zh}{words}" for name, words in said), ", ".join(f"{n.en} {words}" for n, words in said)
    raise Invalid(
        Text(
            f"条文给每个奖项各写了数（{zh}）：请在“哪个奖项”中选一个，写好以后再写下一个。",
            f"The text gives each tier a number ({en}): choose one of them, write it, then the next.",
        )
    )
