"""What a place and its award declare beside diagrams and parameters, as entries that people fill in."""
