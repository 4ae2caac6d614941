"""Work over many cases: one runner for every kind, in the name of whoever began it, resumed where it was stopped."""
