"""Chapter 04's room: what it asks, and its panel."""
