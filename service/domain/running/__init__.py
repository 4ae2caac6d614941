"""How the program runs: lanes of due work, lines of the log, spans, memory, and how often somebody comes."""
