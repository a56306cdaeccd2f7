"""The same verbs in JSON, versioned."""
