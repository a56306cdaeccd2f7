"""What all doors need: actor, request time, errors to status, idempotency, limits."""
