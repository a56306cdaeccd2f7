"""Posts, sealed proposals and the choice among them.

Owns: jobs with their numbered deliverables, proposals with their milestones and earlier versions, and what a
client says when declining. Promises: a job below the floor of the house rules never opens; a rival learns
neither a price nor a count, only a band; a brief that changed is confirmed by the worker before it binds
them; and of everybody who accepts at once, one makes the contract.

Words: a *brief* is what a client writes, a *job* is a brief in the hall, an *offer* is what a worker writes
in a *proposal*, *deciding* is declining or accepting. What is agreed lives in `contracts` from then on.
"""
