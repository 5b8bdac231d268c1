"""Sample inputs that the repository makes itself: for the demonstration, and for tests."""
