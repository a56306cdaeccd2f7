"""Is this text fit to be seen? Asked before anyone sees it.

Owns the published rules about what may stand in names, posts, profiles, proposals and messages. Every refusal
names the rule, quotes the words that broke it and changes nothing: what was written stays with its writer to
mend.
"""
