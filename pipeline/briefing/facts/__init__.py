"""What a briefing says: figures of the marts, each with its parts, its words and where to ask for it."""
