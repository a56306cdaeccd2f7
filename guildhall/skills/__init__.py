"""The taxonomy of skills and the many names people give them."""
