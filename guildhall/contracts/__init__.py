"""Terms, milestones, ending: the one thing that every way of hiring turns into."""
