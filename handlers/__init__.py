"""What service tasks do: one small module per family of verbs."""
