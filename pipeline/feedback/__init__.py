"""What every sender is told: findings and readings of a quarter -> letters and marked copies of the files sent.

Letters are HTML and plain text, copies .xlsx; nothing a sender wrote is live in any of them. `folder` writes a whole
quarter; `answers` alone says what would be told.
"""
