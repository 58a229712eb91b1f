# Every task stands in run.py; `python3 run.py NAME` does the same where there is no make.
PYTHON ?= python3
TASKS := run test check test-long bench screenshots lock help

.PHONY: $(TASKS)
$(TASKS):
	@$(PYTHON) run.py $@ $(ARGS)

.DEFAULT_GOAL := run
