"""Invoices and credit notes: what each release of money is called on paper, and what VAT is in it.

For every release the worker's invoice to the client is made out in the worker's name (*self-billing*), the
hall's fee to the worker and the client's own fee to the client. A *series* belongs to one issuer and one
year; its numbers leave no gap. Promises: a paper never changes, a correction is a credit note that names what
it corrects, and the papers of a release add up to what moved.
"""
