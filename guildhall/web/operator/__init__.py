"""Pages for those who run the hall: what needs a hand, the rules, the people, the log, and payouts.

Nobody else learns that they exist. Whatever is done here leaves an event, and people are told of what
concerns them.
"""
