"""Read-only queries behind the pages: one per file, each within what the actor may see."""
