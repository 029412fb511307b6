"""Chapter 02's room: what it asks, and its panel."""
