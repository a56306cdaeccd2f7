"""Stored files, their checks and who may open them. Owners are bare ids."""
