"""Public pages, without account: the portal, notices, objections, the register of awards."""
