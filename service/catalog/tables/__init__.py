"""Decision tables (DMN) of a package, and those of other tools."""
