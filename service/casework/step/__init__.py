"""The unit of work (step): one case advanced inside one transaction, and everything it writes."""
