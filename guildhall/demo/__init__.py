"""The sample hall: a year of a small market, played through the real actions.

`build` is one transaction: a hall that was interrupted while it was built is empty, and is built again.
"""

from guildhall.demo.build import build, is_built, whom_to_sign_in_as

__all__ = ["build", "is_built", "whom_to_sign_in_as"]
