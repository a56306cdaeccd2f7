"""The sample hall: a year of a small market, played through the real actions."""

from guildhall.demo.build import build, is_begun, is_built, whom_to_sign_in_as

__all__ = ["build", "is_begun", "is_built", "whom_to_sign_in_as"]
