"""The verbs: posting, proposing, deciding."""
