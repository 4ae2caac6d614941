"""What everybody may read: the portal, notices, winners, the register, a regulation, the page for objections."""
