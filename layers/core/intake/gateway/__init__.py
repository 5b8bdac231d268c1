"""The only door to outside services: cache, hold, circuit breaker, budget, prices and routing, in one call path."""
