"""Experiments: variants of routing compared on real inputs."""
