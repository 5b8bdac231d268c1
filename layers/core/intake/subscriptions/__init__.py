"""Progress as it happens: who listens to what, and how each listener is told everything once and in order."""
