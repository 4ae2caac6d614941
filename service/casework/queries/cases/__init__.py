"""Cases as pages show them: the list, one case, where it stands and what comes next, its variables and trace."""
