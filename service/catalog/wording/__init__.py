"""What pages call the pieces of a package: elements, messages, problems, values, in both languages."""
