"""Chapter 07's room: what it asks, and its panel."""
