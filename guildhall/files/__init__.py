"""Stored files, their checks and who may open them. Owners are bare ids.

Promises that what is served is byte for byte what was checked (its SHA-256 says so), that nobody opens a file
without being its owner or having been let in, and that no stored file is ever shown inside a page.
"""
