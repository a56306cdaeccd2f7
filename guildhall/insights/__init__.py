"""Figures of the hall as a whole: for its operator as they are, for everybody only where none gives one away.

A public figure speaks of at least twenty people and, where money is in it, of at least five clients, no one
of whom makes up more than half; and it is rounded. What cannot be said so is not said.
"""
