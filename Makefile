# The course's commands; on Windows call `python tools\run.py book` and so on.
PYTHON ?= python3

.PHONY: book pdf offline site test check latest lab bench links clean

book:   ## build the site and serve it on localhost; PYODIDE=DIR makes one that needs no CDN
	@$(PYTHON) tools/run.py book $(if $(PYODIDE),--pyodide "$(PYODIDE)")

pdf:    ## print the whole book, or one chapter: make pdf CHAPTER=softmax (make book first)
	@$(PYTHON) tools/run.py pdf $(CHAPTER)

offline: ## pack the site, to be read without a server (make book first)
	@$(PYTHON) tools/run.py offline

site:   ## book, pdf and offline: what goes to a server
	@$(PYTHON) tools/run.py site

test:   ## run every check
	@$(PYTHON) tools/run.py test

check:  ## all that judges one chapter: make check CHAPTER=softmax
	@$(PYTHON) tools/run.py check $(CHAPTER)

latest: ## unit tests and chapters with the newest releases
	@$(PYTHON) tools/run.py latest

lab:    ## open your own copy of a chapter: make lab CHAPTER=softmax
	@$(PYTHON) tools/run.py lab $(CHAPTER)

bench:  ## time lib against LAPACK and peers
	@$(PYTHON) tools/run.py bench

links:  ## ask every address that the book names
	@$(PYTHON) tools/run.py links

clean:  ## remove what was built, never your work
	@$(PYTHON) tools/run.py clean
