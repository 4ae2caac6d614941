"""The log of events: how its chains are proved from outside the database."""
