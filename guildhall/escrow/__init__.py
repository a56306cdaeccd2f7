"""Holds: money set aside for one purpose, then released, split or returned.

A *hold* has a purpose, its payers with their parts, the deductions that were agreed when it was placed,
and freezes: what a case has frozen stays until the case ends. A *release* is everything that leaves a
hold at once, in named lines that sum to the gross. A worker's net *clears* for the agreed days and then
*matures* into the wallet. Promises: what leaves is never more than what was placed, a closed hold is
empty, and every line follows from what was agreed, so that nobody has to be asked again.
"""
