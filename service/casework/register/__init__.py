"""The register of awards (名录): import of past winners, duplicates, successors."""
