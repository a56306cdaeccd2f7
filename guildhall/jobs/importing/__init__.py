"""Bringing posts of another market in, from a CSV file as it comes.

A post is known again by its link and has changed when its content hash has. Every job goes through the same
verbs as one that was written here. A row that cannot be used is reported and stops nothing.
"""
