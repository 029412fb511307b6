"""Chapter 06's room: what it asks, and its panel."""
