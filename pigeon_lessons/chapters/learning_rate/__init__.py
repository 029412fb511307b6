"""Chapter 03's room: what it asks, and its panel."""
