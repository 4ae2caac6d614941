"""Lists in and out as .xlsx: applicants, experts, scores, past winners."""
