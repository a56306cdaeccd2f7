"""Posts, sealed proposals and the choice among them."""
