"""One box over jobs and people: an index that can be thrown away and rebuilt.

Owns a folder of indexes beside the database and two small tables: marks, left by reactions to events, of what
has to be read again; and shelves, which say which folder mirrors these tables. Promises ids and exact totals,
never rows: who may see a thing is asked of the database. Holds nothing that cannot be read again.
"""
