"""The seeded generator of the demonstration submissions: `python -m tests.demo` writes them under raw/.

story.py reads what is told (one folder of tables per programme), poverty.py and figures.py make the numbers of
every district and commune from it, habits.py, odd_cells.py, senders.py and forms.py type them as each office would,
workbooks.py lays out a sheet, sending.py names the files, dates them and keeps the register. Same story, same bytes.

More quarters: list them in story.yml and give totals.csv and poverty.csv their columns and rows; no other file changes.
Another programme: a folder with story.yml, forms.yml, totals.csv, districts.csv and, if it counts poor
households by commune, poverty.csv. Form words, the order of columns and the shape of the tables are its own.
"""
