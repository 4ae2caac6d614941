"""The log of events: proved by signed heads, compared with the rows that decide, demanded before a result is made."""
