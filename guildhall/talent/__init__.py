"""Worker profiles as offers: title, overview, skills, rate.

Owns one profile per person, under a handle that stands in its address. Promises that a profile shows nothing
by which somebody could be reached outside the hall, and nothing at all once its owner hides it.
"""
