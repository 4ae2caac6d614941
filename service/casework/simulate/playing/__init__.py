"""A scenario played: patiently, with its results in words, and why an expectation was not met."""
