"""Parameters and calendar of a draft: changed with what reads each, and years typed here."""
