"""What people look at: one question per file, each within what the actor may see."""
