"""The public without accounts: lodging objections, completing them, attaching files, following a case by receipt."""
