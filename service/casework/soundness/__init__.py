"""Whether the database is sound: every case loadable, every effect once, no timer lost, the lists as the engine stands."""
