"""A finished PDF put to the proof: are the rules of its format met, and is it what its inputs give.

Nothing here makes a briefing; what a comparison needs to have built is handed in.
"""
