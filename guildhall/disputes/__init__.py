"""Cases between the two sides of a contract: offers and rulings.

A *case* contests a sum of one milestone and freezes exactly that sum. It ends when one side accepts the
other's *offer*, when whoever opened it withdraws it, or by the *ruling* of an adjudicator, who is never a
party to the contract. Any adjudicator may rule an open case, so no money is locked with nobody to decide.
"""
