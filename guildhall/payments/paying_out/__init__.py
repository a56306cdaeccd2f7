"""When people are paid without asking, what stops it, and the hall's own money on its way out."""
