"""By which names a regulation calls the award that is given here: its own, and the short one that the text gives it."""

from __future__ import annotations

import re

from service.catalog.package import Package

_SHORT = '[（(]以下(?:简称|统称)为?[“"]?(?P<short>[^”"）)]{2,20})[”"]?[）)]'


def own_names(package: Package) -> tuple[str, ...]:
    """Return the names of the award of ``package`` in its regulation (云岭县人民政府质量奖, 以下简称县政府质量奖)."""
    name = package.award.text.zh
    defined = re.compile(rf"{re.escape(name)}{_SHORT}")
    texts = (clause.text or clause.summary for clause in package.law.clauses.values())
    return (name, *dict.fromkeys(hit["short"] for text in texts for hit in defined.finditer(text)))
