"""What somebody has earned here, for those outside who have to believe it.

A *certificate* of income says since when somebody is a member, for how many clients they worked and, if they
want, what they earned by month; the hall signs it, and whoever is shown one can have it checked. *Yearly
totals* add up what tax forms ask for. Promises: what a certificate says never changes; it says no amount
that its holder did not want said; whoever checks one learns nothing else about them; the sums of a year are
those of its releases and of the wallet's statements.
"""
