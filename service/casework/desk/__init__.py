"""The context of every use case: store, engine, packages, clock, the city's settings."""
