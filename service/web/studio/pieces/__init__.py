"""Diagrams, forms, tables, documents, scoring editions and shared pieces of a draft, in their editors."""
