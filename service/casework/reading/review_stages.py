"""What a stage of review is called: as the diagrams of its city have it, else as most regulations do."""

from __future__ import annotations

from collections.abc import Iterable

from service.catalog import Package
from service.domain.text import Text

_USUAL = {
    "material_review": Text("材料评审", "Document review"),
    "defence": Text("陈述答辩", "Oral defence"),
    "on_site_review": Text("现场评审", "Site visit"),
}


def drawn_name(packages: Iterable[Package], stage: str) -> str:
    """Return the city's own word for a stage, in Chinese, as a step of its id is called; "" where no diagram has one."""
    drawn = (d.elements[stage].name for p in packages for d in p.diagrams.values() if stage in d.elements)
    return next(filter(None, drawn), "")


def usual_name(stage: str) -> Text:
    """Return what most regulations call a stage, its id where they know none."""
    return _USUAL.get(stage, Text(stage, stage))
