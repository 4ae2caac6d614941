"""The packages that are installed, each with one version and the SHA-256 of every file it may come as."""
