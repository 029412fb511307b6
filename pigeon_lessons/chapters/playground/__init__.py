"""Chapter 08's room: what it asks, and its panel."""
