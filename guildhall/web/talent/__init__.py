"""Pages about people who offer their work: finding them, reading a profile, writing one's own."""
