"""Help where a formula is written: the names of its place, what they hold on a sample, and what is wrong with it."""
