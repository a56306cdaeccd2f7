"""Persons: how they come in, how they sign in, their roles and the tokens with which their programs act.

One person both hires and works; there are no kinds of account. Promises: an address belongs to one person
only; of a token or a set-up link the hall keeps a hash and shows the secret once; whoever changes a role
leaves an event that the person concerned is told of. Events never carry an address or a name: the log is
kept for ever, and a person may ask to be forgotten.
"""
