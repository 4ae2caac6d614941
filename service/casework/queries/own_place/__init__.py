"""A person's own place: what waits for them, what they began, signatures asked of them, what comes next."""
