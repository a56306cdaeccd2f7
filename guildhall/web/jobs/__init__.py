"""Pages about jobs and proposals: finding, posting, proposing, choosing."""
