"""Claims whose constants can be moved: tight, loose, false, with a symbol."""

from boundcheck.claims.claim import Claim

MEAN = (
    '[[claim]]\nid = "mean"\nstates = "x*y <= 1/2*(x**2+y**2)"\non = "x in [-3,3], y in [-3,3]"\n'
)
HUMP = '[[claim]]\nid = "hump"\nstates = "x*(1-x) <= 0.3"\non = "x in [0,1]"\n'
FALSE = '[[claim]]\nid = "false"\nstates = "x*(1-x) <= 0.2"\non = "x in [0,1]"\n'
LOOSE = '[[claim]]\nid = "loose"\nstates = "x <= 7"\non = "x in (-oo,0]"\n'
SYMBOL = '[[claim]]\nid = "symbol"\nstates = "x*(1-x) <= K"\non = "x in [0,1]"\ngiven = "K >= 0"\n'


def claim_of(*statements):
    return Claim("c", lambda: statements)
