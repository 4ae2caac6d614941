"""The keys of urns: kept here beside the program, or by a key service of its own user or machine."""
