"""People, bodies and experts: seats, deputies, rights, ties, what is stored of a person."""
