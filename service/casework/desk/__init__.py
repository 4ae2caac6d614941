"""What every use case is handed: the store, the engine, the packages, the clock, the city's settings."""
