"""Cases between the two sides of a contract: offers and rulings.

A *case* contests a sum of one milestone and freezes exactly that sum; while it is open, either side may
contest more, which is a *contention*. It ends when one side accepts the other's *offer*, when whoever opened
it withdraws it, unless the other side has contested more, or by the *ruling* of an adjudicator, who is never
a party to the contract. Any adjudicator may take on a case that nobody has, or whose adjudicator is late or
has left the office, and operators hear of a case that nobody can rule: so no money is locked with nobody to
decide.
"""
