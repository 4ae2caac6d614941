"""Diagrams, forms, tables, documents and the other pieces of a draft, as their editors need them."""
