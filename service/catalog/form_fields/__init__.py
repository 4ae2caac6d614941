"""Fields of a package's forms: papers, first values, and which of them decide."""
