"""Pages that need no account: the portal, notices, objections, the register of awards."""
