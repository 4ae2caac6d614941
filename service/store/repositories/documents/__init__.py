"""Forms, files and documents of cases, notices and notes."""
