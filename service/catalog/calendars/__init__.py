"""Working-day calendars: files by layer and year, and notices of days off that become years."""
