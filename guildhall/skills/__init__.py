"""The taxonomy of skills and the many names people give them.

Owns the list of skills (`taxonomy.toml`, grown by hand) and its tables. Promises that a name means at most
one skill, however it is spelled, and that a skill once listed stays.
"""
