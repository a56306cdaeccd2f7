"""What the hall holds on a person, for them to take along.

Every package says in its own `records.py` what it holds and why some of it must stay; this one only asks.
"""
