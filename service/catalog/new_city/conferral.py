"""Whether a place records the conferral of certificates and plaques."""

from __future__ import annotations

from service.catalog.package import Package

_CONFERRAL = "shared_conferral"


def hands_over(package: Package) -> bool:
    """Tell whether the place records when certificates were handed over: its own diagrams call the conferral that does."""
    own = (one for path, one in package.diagrams.items() if path.startswith(f"processes/{package.key}/"))
    return any(element.called == _CONFERRAL for diagram in own for element in diagram.elements.values())
