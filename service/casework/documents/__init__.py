"""Written documents: one composed text, set as .docx and as PDF by the layouts of a package."""
