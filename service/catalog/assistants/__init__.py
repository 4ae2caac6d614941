"""The assistants of clauses: what a clause says, what is asked, and what is drawn and written for it."""
