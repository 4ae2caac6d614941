"""What is handed out: an archive that builds the same twice, what is in it, its checksums and its signature."""
