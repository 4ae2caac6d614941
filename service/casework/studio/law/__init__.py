"""The law of a draft: clauses registered, amended, carried out by an assistant, tried."""
