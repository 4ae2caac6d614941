"""What the chains of records hold of rows, and whether these records themselves hold."""
