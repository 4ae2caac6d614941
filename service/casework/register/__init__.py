"""The register of awards (名录): what is on record, past winners, successors."""
