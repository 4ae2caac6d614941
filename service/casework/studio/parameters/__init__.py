"""Parameters and calendar of a draft: what a new value would move, and years typed here."""
