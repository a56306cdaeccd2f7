"""One box over jobs and people: an index that can be thrown away and rebuilt."""
