# Aliases; everything is in run.py, which needs no make.
.PHONY: demo test serve check

demo test serve check:
	@python3 run.py $@
