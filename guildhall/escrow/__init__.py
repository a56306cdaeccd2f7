"""Holds: money set aside for one purpose, then released, split or returned."""
