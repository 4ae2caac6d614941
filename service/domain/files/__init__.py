"""Files of others, before anything reads them: their kind, size and active content; XML without its dangers."""
