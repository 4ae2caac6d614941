"""The book of acts: what people do beside cases, kept in chains that any change breaks."""
