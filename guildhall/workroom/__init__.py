"""Conversations, deliveries and what is said about a delivery.

A *conversation* belongs to a subject of anybody's, such as ``contract:<id>`` or ``proposal:<id>``, and to its
members; nobody else can read it. A *delivery* is one version of the work for one milestone: a note, the
numbered items of the terms that it covers, and files. Nothing said here is ever edited or taken away.
"""
