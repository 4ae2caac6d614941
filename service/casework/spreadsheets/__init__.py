"""Import and export of lists as .xlsx: applicants, experts, scores, past winners."""
