"""One repository per subject; each works inside the unit of work that made it."""
