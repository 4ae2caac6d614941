"""Who asks, what they may do, and what of a case they may see."""
