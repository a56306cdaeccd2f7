"""Terms, milestones, ending: the one thing that every way of hiring turns into.

Owns contracts, the frozen versions of their terms, their milestones and the requests for a refund.
Promises that money is set aside before work counts as begun, that what both sides accepted never changes
under them, and that delivered work is paid at a published instant unless somebody objects in time.

A *contract* keeps its `origin`, a word such as ``proposal:<id>`` that names what it grew from. A *milestone*
is one sum for one piece of the work, with a hold of its own. *Left* is what of a milestone has gone neither
to the worker nor back; *frozen* is the part of it that a case or an unanswered request keeps in place.
"""
