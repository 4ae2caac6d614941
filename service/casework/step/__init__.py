"""The unit of work: one case moved inside one transaction, and everything that the step writes."""
