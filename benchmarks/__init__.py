"""Measure what the library costs, in ratios to raw PyNaCl."""
