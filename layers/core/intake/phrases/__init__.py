"""Phrases that members often use, and warming the cache with them before somebody does."""
