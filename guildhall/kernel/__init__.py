"""Words that every package shares: money, ids, refusals, states, events and house rules. It knows nobody."""
