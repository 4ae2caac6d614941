"""What an unknown finding lacked."""

from __future__ import annotations

from service.catalog import Package
from service.catalog.formula_help.words import without_values
from service.domain.text import Text
from service.store.models import FindingRow


def describe_missing_facts(package: Package, finding: FindingRow) -> Text | None:
    """Return which facts had no value when a finding could be neither met nor not met, None where it was found."""
    return without_values(package, finding.details.get("unknown") or ()) if finding.result == "unknown" else None
