"""What all doors need: who asks, when, in which language; errors to status; once means once; limits.

Owns the kept replies of mutating requests and the buckets of the rate limit. Promises that a request
carries `person`, `at` and `locale` (`edge.request.HallRequest`), that a refusal never becomes a 500, and
that the same key never has two effects. HTTP status is mapped here and nowhere else.
"""
