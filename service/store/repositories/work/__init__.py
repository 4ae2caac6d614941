"""Due work: items, claims, incidents, mail, the clock, and the health of the installation."""
