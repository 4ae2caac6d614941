"""Archives of finished rounds: gathered case by case, sealed, written out and verified."""
